#include "platform/http/compression.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <brotli/encode.h>
#include <zlib.h>

#include "foundation/result.h"

namespace mobilytics::http {

namespace {

constexpr int kGzipWindowBits = 15 + 16;  // The largest, and gzip's frame: see zlib.h.
constexpr int kMemoryLevel = 8;
constexpr int kBrotliQuality = 9;  // A tenth of the time of 11, and a twentieth more bytes.

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string gzip(std::string_view plain, int level) {
    z_stream stream{};
    const int begun =
        deflateInit2(&stream, level, Z_DEFLATED, kGzipWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (begun != Z_OK) throw std::bad_alloc();
    std::string out(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    VERIFY(ended == Z_STREAM_END);  // It had room for all.
    return out;
}

std::string brotli(std::string_view plain) {
    std::size_t size = BrotliEncoderMaxCompressedSize(plain.size());
    VERIFY(size > 0);
    std::string out(size, '\0');
    const auto done = BrotliEncoderCompress(
        kBrotliQuality, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT, plain.size(),
        reinterpret_cast<const std::uint8_t*>(plain.data()), &size,
        reinterpret_cast<std::uint8_t*>(out.data()));
    if (done == BROTLI_FALSE) throw std::bad_alloc();
    out.resize(size);
    return out;
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
    for (auto rest = accept_encoding; !rest.empty();) {
        const auto one = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        const auto name = trimmed(one.substr(0, one.find(';')));
        if (name != coding) continue;
        const auto weight = one.find("q=");
        if (weight == one.npos) return true;
        // "q=0", "q=0.0": any digit but zero says that it is taken.
        return one.find_first_of("123456789", weight) != one.npos;
    }
    return false;
}

bool is_compressible(std::string_view content_type) {
    static constexpr std::array<std::string_view, 8> kinds{
        "text/",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
        "application/javascript",
        "application/manifest+json",
        "application/x-protobuf",
        "application/vnd.mapbox-vector-tile"};
    return std::ranges::any_of(kinds, [&](auto kind) { return content_type.starts_with(kind); });
}

}  // namespace mobilytics::http
