// Distribution functions of Boost.Math (header-only, BSL-1.0) behind plain C.
//
// What: cumulative distribution functions, survival functions and quantiles that Statistics needs, one C function each.
// Why:  series of our own for incomplete beta functions would be worse and would have to be proven.
// Guarantee: no exception crosses into the caller, and no function sets a global state. An argument outside a
//       function's domain, or a result that cannot be computed, gives a quiet NaN; Swift turns that into nil.

#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

#ifdef __cplusplus
extern "C" {
#define CBM_NOEXCEPT noexcept
#else
#define CBM_NOEXCEPT
#endif

/// Regularised incomplete beta function I_x(a, b), a, b > 0, 0 <= x <= 1.
double cbm_beta_cdf(double a, double b, double x) CBM_NOEXCEPT;
/// 1 - I_x(a, b), without cancellation.
double cbm_beta_sf(double a, double b, double x) CBM_NOEXCEPT;
/// x with I_x(a, b) = p.
double cbm_beta_quantile(double a, double b, double p) CBM_NOEXCEPT;

/// Standard normal distribution.
double cbm_normal_cdf(double x) CBM_NOEXCEPT;
double cbm_normal_sf(double x) CBM_NOEXCEPT;
double cbm_normal_quantile(double p) CBM_NOEXCEPT;

/// Student's t with `df` > 0 degrees of freedom (not necessarily whole).
double cbm_student_t_cdf(double df, double x) CBM_NOEXCEPT;
double cbm_student_t_sf(double df, double x) CBM_NOEXCEPT;
double cbm_student_t_quantile(double df, double p) CBM_NOEXCEPT;

/// Number of successes in `n` trials of probability `p`; `k` and `n` are whole numbers held in doubles.
double cbm_binomial_pmf(double n, double p, double k) CBM_NOEXCEPT;
double cbm_binomial_cdf(double n, double p, double k) CBM_NOEXCEPT;
double cbm_binomial_sf(double n, double p, double k) CBM_NOEXCEPT;

/// Chi-squared with `df` > 0 degrees of freedom.
double cbm_chi_squared_cdf(double df, double x) CBM_NOEXCEPT;
double cbm_chi_squared_sf(double df, double x) CBM_NOEXCEPT;
double cbm_chi_squared_quantile(double df, double p) CBM_NOEXCEPT;

/// Fisher's F with `df1`, `df2` > 0 degrees of freedom.
double cbm_fisher_f_cdf(double df1, double df2, double x) CBM_NOEXCEPT;
double cbm_fisher_f_sf(double df1, double df2, double x) CBM_NOEXCEPT;
double cbm_fisher_f_quantile(double df1, double df2, double p) CBM_NOEXCEPT;

/// Logarithm of the binomial coefficient "n over k".
double cbm_log_choose(double n, double k) CBM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
