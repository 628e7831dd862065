#include "CBoostMath.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <limits>

namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

// Every error becomes a value: NaN for a domain error, infinity for an overflow. errno stays untouched.
using Quiet = bp::policy<
    bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>, bp::overflow_error<bp::ignore_error>,
    bp::underflow_error<bp::ignore_error>, bp::denorm_error<bp::ignore_error>, bp::rounding_error<bp::ignore_error>,
    bp::evaluation_error<bp::ignore_error>, bp::indeterminate_result_error<bp::ignore_error>>;

using Beta = bm::beta_distribution<double, Quiet>;
using Binomial = bm::binomial_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;
using Normal = bm::normal_distribution<double, Quiet>;
using StudentT = bm::students_t_distribution<double, Quiet>;

// What the policies do not catch (std::bad_alloc, an internal root finder) must not cross into Swift either.
template <typename Body>
double quietly(Body body) noexcept {
    try {
        return body();
    } catch (...) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

}  // namespace

extern "C" {

double cbm_beta_cdf(double a, double b, double x) noexcept {
    return quietly([=] { return bm::cdf(Beta(a, b), x); });
}
double cbm_beta_sf(double a, double b, double x) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(Beta(a, b), x)); });
}
double cbm_beta_quantile(double a, double b, double p) noexcept {
    return quietly([=] { return bm::quantile(Beta(a, b), p); });
}

double cbm_normal_cdf(double x) noexcept {
    return quietly([=] { return bm::cdf(Normal(), x); });
}
double cbm_normal_sf(double x) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(Normal(), x)); });
}
double cbm_normal_quantile(double p) noexcept {
    return quietly([=] { return bm::quantile(Normal(), p); });
}

double cbm_student_t_cdf(double df, double x) noexcept {
    return quietly([=] { return bm::cdf(StudentT(df), x); });
}
double cbm_student_t_sf(double df, double x) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(StudentT(df), x)); });
}
double cbm_student_t_quantile(double df, double p) noexcept {
    return quietly([=] { return bm::quantile(StudentT(df), p); });
}

double cbm_binomial_pmf(double n, double p, double k) noexcept {
    return quietly([=] { return bm::pdf(Binomial(n, p), k); });
}
double cbm_binomial_cdf(double n, double p, double k) noexcept {
    return quietly([=] { return bm::cdf(Binomial(n, p), k); });
}
double cbm_binomial_sf(double n, double p, double k) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(Binomial(n, p), k)); });
}

double cbm_chi_squared_cdf(double df, double x) noexcept {
    return quietly([=] { return bm::cdf(ChiSquared(df), x); });
}
double cbm_chi_squared_sf(double df, double x) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(ChiSquared(df), x)); });
}
double cbm_chi_squared_quantile(double df, double p) noexcept {
    return quietly([=] { return bm::quantile(ChiSquared(df), p); });
}

double cbm_fisher_f_cdf(double df1, double df2, double x) noexcept {
    return quietly([=] { return bm::cdf(FisherF(df1, df2), x); });
}
double cbm_fisher_f_sf(double df1, double df2, double x) noexcept {
    return quietly([=] { return bm::cdf(bm::complement(FisherF(df1, df2), x)); });
}
double cbm_fisher_f_quantile(double df1, double df2, double p) noexcept {
    return quietly([=] { return bm::quantile(FisherF(df1, df2), p); });
}

double cbm_log_choose(double n, double k) noexcept {
    return quietly([=] {
        return bm::lgamma(n + 1, Quiet()) - bm::lgamma(k + 1, Quiet()) - bm::lgamma(n - k + 1, Quiet());
    });
}

}  // extern "C"
