#ifndef CZSTD_SHIM_H
#define CZSTD_SHIM_H

// The stable API of libzstd; nothing of ZSTD_STATIC_LINKING_ONLY.
#include <zstd.h>
#include <zstd_errors.h>

// A macro with a cast is not imported into Swift: what ZSTD_getFrameContentSize answers for "unknown" and "error".
static inline unsigned long long understudy_zstd_content_size_unknown(void) {
    return ZSTD_CONTENTSIZE_UNKNOWN;
}

static inline unsigned long long understudy_zstd_content_size_error(void) {
    return ZSTD_CONTENTSIZE_ERROR;
}

// zdict.h (dictionary training) comes with the same library and package.
#include <zdict.h>

#endif
