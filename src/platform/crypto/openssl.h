#pragma once
// OpenSSL's things with owners, for crypto and identity only.

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "foundation/result.h"
#include "platform/crypto/digest.h"

namespace mobilytics::crypto::openssl {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* what) const {
        free(what);
    }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Free<free>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Owned<X509, X509_free>;
using Request = Owned<X509_REQ, X509_REQ_free>;
using RevocationList = Owned<X509_CRL, X509_CRL_free>;
using Memory = Owned<BIO, BIO_free_all>;
using Number = Owned<BIGNUM, BN_free>;

inline Memory memory_of(std::string_view text) {
    return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
inline std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}
/// What `write` puts into a memory of its own.
template <class Write>
std::string written(Write write) {
    const Memory memory(BIO_new(BIO_s_mem()));
    VERIFY(memory && write(memory.get()) == 1);
    return text_of(memory);
}

template <class T>
std::string der_of(T* what, int (*encode)(const T*, unsigned char**)) {
    unsigned char* data = nullptr;
    const int size = encode(what, &data);
    VERIFY(size > 0);
    std::string out(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return out;
}

inline Certificate certificate_of(std::string_view pem) {
    Certificate out(PEM_read_bio_X509(memory_of(pem).get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return out;
}

}  // namespace mobilytics::crypto::openssl
