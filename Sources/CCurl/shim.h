// What Swift cannot call or read of libcurl by itself.
//
// curl_easy_setopt, curl_multi_setopt and curl_easy_getinfo are variadic C functions (and type-checking macros),
// which Swift does not import. There is one function here for each *type of argument* that libcurl reads, and no
// more: a wrong pairing of option and type is then visible at the call. There is no `int` variant, because libcurl
// reads `long`.

#ifndef UNDERSTUDY_CCURL_SHIM_H
#define UNDERSTUDY_CCURL_SHIM_H

#include <curl/curl.h>

// Microsecond timings (7.61) are relied on, and everything is tested from 7.68 on.
_Static_assert(LIBCURL_VERSION_NUM >= 0x074400, "libcurl 7.68 or newer is needed");
// Long options are passed from Swift's Int, timings are read as Int64.
_Static_assert(sizeof(long) == 8, "a 64-bit long is needed");
_Static_assert(sizeof(curl_off_t) == 8, "a 64-bit curl_off_t is needed");

// Macros with casts or operators, which Swift imports on some versions of libcurl only.
static inline CURLcode ccurl_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

static inline CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// libcurl copies the string, except for CURLOPT_POSTFIELDS, which is not set through here.
static inline CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

// Opaque data: the context of callbacks, and CURLOPT_COPYPOSTFIELDS, whose bytes are no C string.
static inline CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

// The list is not copied: it must live as long as the transfer.
static inline CURLcode ccurl_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION have the same type.
typedef size_t (*ccurl_receive_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ccurl_easy_set_receiver(CURL *easy, CURLoption option, ccurl_receive_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_easy_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// The contexts of the multi handle's callbacks.
static inline CURLMcode ccurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode ccurl_multi_set_socket_callback(CURLM *multi, curl_socket_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}

static inline CURLMcode ccurl_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}

// Since 7.85 the protocols are a string and the bit mask is deprecated.
static inline CURLcode ccurl_easy_allow_only_http(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// Since 7.87 a transfer can be given up without waiting for a name lookup that hangs in the resolver's thread.
static inline CURLcode ccurl_easy_leave_quickly(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

// The result of a finished transfer lies in a union.
static inline CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
