#include "domains/accounts/image_header.h"

#include <cstddef>

namespace mobilytics::accounts {

namespace {

using namespace std::string_view_literals;

constexpr auto kPng = "\x89PNG\r\n\x1A\n"sv;
constexpr auto kPngEnd = "\0\0\0\0IEND\xAE\x42\x60\x82"sv;
constexpr auto kJpeg = "\xFF\xD8\xFF"sv;
constexpr auto kJpegEnd = "\xFF\xD9"sv;
constexpr std::uint32_t kPngSideMax = 0x7FFFFFFF;

auto bad() {
    return fail(
        ErrorKind::invalid, "bad_image", "an image is a whole PNG, JPEG or WebP and nothing else");
}

std::uint32_t byte(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// `count` bytes from `at`, which are there.
std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out = out << 8U | byte(bytes, at + i);
    return out;
}

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint32_t out = 0;
    for (std::size_t i = count; i > 0; --i) out = out << 8U | byte(bytes, at + i - 1);
    return out;
}

Result<ImageHeader> sized(ImageKind kind, std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return bad();
    return ImageHeader{kind, width, height};
}

Result<ImageHeader> png(std::string_view bytes) {
    constexpr std::size_t header_end = 8 + 8 + 13 + 4;
    const bool whole = bytes.size() >= header_end + kPngEnd.size() && bytes.ends_with(kPngEnd) &&
                       bytes.substr(8, 8) == "\0\0\0\x0DIHDR"sv;
    if (!whole) return bad();
    const auto width = big(bytes, 16, 4);
    const auto height = big(bytes, 20, 4);
    if (width > kPngSideMax || height > kPngSideMax) return bad();
    return sized(ImageKind::png, width, height);
}

bool begins_frame(std::uint32_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Result<ImageHeader> jpeg(std::string_view bytes) {
    if (!bytes.ends_with(kJpegEnd)) return bad();
    std::size_t at = 2;
    // A segment: FF (perhaps several), its marker, and a length of two bytes that counts itself.
    while (at + 4 <= bytes.size()) {
        if (byte(bytes, at) != 0xFF) return bad();
        const auto marker = byte(bytes, at + 1);
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const bool alone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
        if (alone) {
            at += 2;
            continue;
        }
        // Its scan or its end, before it has said its size; or a second beginning.
        if (marker == 0x00 || (marker >= 0xD8 && marker <= 0xDA)) return bad();
        const auto length = big(bytes, at + 2, 2);
        if (length < 2 || length > bytes.size() - at - 2) return bad();
        if (begins_frame(marker)) {
            if (length < 8) return bad();
            return sized(ImageKind::jpeg, big(bytes, at + 7, 2), big(bytes, at + 5, 2));
        }
        at += 2 + length;
    }
    return bad();
}

/// Of the first chunk, which has `data`.
Result<ImageHeader> webp_chunk(std::string_view name, std::string_view data) {
    if (name == "VP8X" && data.size() == 10) {
        return sized(ImageKind::webp, little(data, 4, 3) + 1, little(data, 7, 3) + 1);
    }
    if (name == "VP8L" && data.size() >= 5 && byte(data, 0) == 0x2F && byte(data, 4) >> 5U == 0) {
        const auto bits = little(data, 1, 4);
        return sized(ImageKind::webp, (bits & 0x3FFFU) + 1, (bits >> 14U & 0x3FFFU) + 1);
    }
    const bool key_frame = name == "VP8 " && data.size() >= 10 && (byte(data, 0) & 1U) == 0 &&
                           data.substr(3, 3) == "\x9D\x01\x2A"sv;
    if (!key_frame) return bad();
    return sized(ImageKind::webp, little(data, 6, 2) & 0x3FFFU, little(data, 8, 2) & 0x3FFFU);
}

Result<ImageHeader> webp(std::string_view bytes) {
    constexpr std::size_t data_at = 12 + 8;
    if (bytes.size() < data_at || little(bytes, 4, 4) != bytes.size() - 8) return bad();
    const auto size = little(bytes, 16, 4);
    if (size > bytes.size() - data_at) return bad();
    return webp_chunk(bytes.substr(12, 4), bytes.substr(data_at, size));
}

}  // namespace

Result<ImageHeader> read_image_header(std::string_view bytes) {
    if (bytes.starts_with(kPng)) return png(bytes);
    if (bytes.starts_with(kJpeg)) return jpeg(bytes);
    if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") {
        return webp(bytes);
    }
    return bad();
}

}  // namespace mobilytics::accounts
