#include "platform/http/static_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <openssl/sha.h>

#include "platform/http/compression.h"
#include "platform/http/target.h"

namespace mobilytics::http {

namespace {

constexpr std::size_t kCompressedBytesMin = 512;
constexpr std::size_t kBrotliBytesMax = 4 << 20;  // Beyond, it takes seconds a file.
constexpr int kGzipLevel = 9;
constexpr std::size_t kHashCharsMin = 8;

std::string type_of(const std::filesystem::path& path) {
    static const std::map<std::string, std::string, std::less<>> types{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".geojson", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml; charset=utf-8"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
        {".pbf", "application/x-protobuf"},
        {".mvt", "application/vnd.mapbox-vector-tile"},
        {".txt", "text/plain; charset=utf-8"}};
    const auto found = types.find(path.extension().string());
    return found != types.end() ? found->second : "application/octet-stream";
}

/// "index-B3x9_kQ2.js": as Vite names what it builds.
bool has_hash(const std::filesystem::path& path) {
    const auto stem = path.stem().string();
    const auto dash = stem.rfind('-', stem.size() - std::min(stem.size(), kHashCharsMin));
    return path.parent_path().filename() == "assets" && dash != stem.npos;
}

std::string etag_of(const std::string& bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string text = "\"";
    for (std::size_t i = 0; i < 16; ++i) {
        text += hex[digest.at(i) >> 4];
        text += hex[digest.at(i) & 15];
    }
    return text + "\"";
}

bool has_etag(std::string_view if_none_match, std::string_view etag) {
    return if_none_match == "*" || if_none_match.find(etag) != if_none_match.npos;
}

}  // namespace

StaticFiles::StaticFiles(const StaticFilesConfig& config) : config_(config) {
    read_folder(config.folder, "");
    for (const auto& [prefix, folder] : config.below) read_folder(folder, prefix);
}

void StaticFiles::read_folder(const std::filesystem::path& folder, const std::string& prefix) {
    namespace fs = std::filesystem;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        bytes_ += entry.file_size();
        if (bytes_ > config_.bytes_max) throw std::runtime_error("too many static files");
        const auto name = fs::relative(entry.path(), folder).generic_string();
        files_.emplace(prefix + "/" + name, read(entry.path()));
    }
    if (!files_.contains(prefix + "/index.html")) {
        throw std::runtime_error(folder.string() + " has no index.html");
    }
}

const StaticFiles::File& StaticFiles::page_of(std::string_view path) const {
    for (const auto& [prefix, folder] : config_.below) {
        if (path == prefix || path.starts_with(prefix + "/")) {
            return files_.at(prefix + "/index.html");
        }
    }
    return files_.at("/index.html");
}

StaticFiles::File StaticFiles::read(const std::filesystem::path& path) const {
    std::ifstream in(path, std::ios::binary);
    auto plain = std::make_shared<std::string>(
        std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (in.bad()) throw std::runtime_error("cannot read " + path.string());
    File file{type_of(path), etag_of(*plain), has_hash(path), plain, {}, {}};
    if (plain->size() < kCompressedBytesMin || !is_compressible(file.type)) return file;
    auto small = std::make_shared<const std::string>(gzip(*plain, kGzipLevel));
    if (small->size() < plain->size()) file.gzip = std::move(small);
    if (plain->size() > kBrotliBytesMax) return file;
    small = std::make_shared<const std::string>(brotli(*plain));
    if (small->size() < plain->size()) file.brotli = std::move(small);
    return file;
}

void StaticFiles::mount(Router& router) const {
    router.otherwise([this](const Call& call) { return reply(call.request); });
}

Result<Reply> StaticFiles::reply(const Request& request) const {
    const auto target = parse_target(path_of(request.target));
    if (!target) return tl::unexpected(target.error());
    // Only names that are in the map are answered, so that no path leads out of the folder.
    std::string path;
    for (const auto& segment : target->segments) path.append("/").append(segment);
    if (const auto found = files_.find(path); found != files_.end()) {
        return reply(found->second, request);
    }
    const bool is_page = std::ranges::none_of(
        config_.not_pages, [&](const auto& prefix) { return path.starts_with(prefix); });
    const bool is_file = path.rfind('.') != path.npos && path.rfind('.') > path.rfind('/');
    if (!is_page || is_file) return fail(ErrorKind::not_found, "no_such_page", path);
    return reply(page_of(path), request);
}

Reply StaticFiles::reply(const File& file, const Request& request) const {
    Reply out{.status = 200};
    out.headers.add("ETag", file.etag);
    out.headers.add(
        "Cache-Control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache");
    out.headers.add("Vary", "Accept-Encoding");
    out.headers.add("Content-Security-Policy", config_.content_security_policy);
    out.headers.add("Referrer-Policy", "same-origin");
    out.headers.add("X-Frame-Options", "DENY");  // For browsers without frame-ancestors.
    if (has_etag(request.headers.get("If-None-Match"), file.etag)) {
        out.status = 304;
        return out;
    }
    const auto taken = request.headers.get("Accept-Encoding");
    if (file.brotli && accepts(taken, "br")) {
        out.headers.add("Content-Encoding", "br");
        out.content = Content{file.type, file.brotli};
    } else if (file.gzip && accepts(taken, "gzip")) {
        out.headers.add("Content-Encoding", "gzip");
        out.content = Content{file.type, file.gzip};
    } else {
        out.content = Content{file.type, file.plain};
    }
    return out;
}

}  // namespace mobilytics::http
