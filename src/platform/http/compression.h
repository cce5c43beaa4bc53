#pragma once
// gzip and brotli, and what a client takes of them.

#include <string>
#include <string_view>

namespace mobilytics::http {

/// `level` from 1, fast, to 9, small.
std::string gzip(std::string_view plain, int level);
/// For what is compressed once: some 10 MB/s.
std::string brotli(std::string_view plain);

/// Whether a client that says this Accept-Encoding takes `coding`: RFC 9110, 12.5.3.
bool accepts(std::string_view accept_encoding, std::string_view coding);

/// Whether content of this type gets smaller: text, yes; pictures, no.
bool is_compressible(std::string_view content_type);

}  // namespace mobilytics::http
