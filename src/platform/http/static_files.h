#pragma once
// The files of the web apps, from memory.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/router.h"

namespace mobilytics::http {

struct StaticFilesConfig {
    std::filesystem::path folder;
    /// Other apps, by the path that they live below: "/backoffice".
    std::map<std::string, std::filesystem::path> below = {};
    /// Below these nothing is a page: what no route has is 404.
    std::vector<std::string> not_pages = {"/api/", "/device/"};
    std::size_t bytes_max = 256 << 20;  // Of all files; more does not start.
    std::string content_security_policy =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'";
};

/// Every file of a folder, read and compressed once. Any path without a file is a page of the
/// single-page app that it is below: its index.html. What has a hash in its name
/// (index-B3x9_kQ2.js) is cached for a year, all else is asked for again by its ETag.
class StaticFiles {
  public:
    /// Throws std::runtime_error when a folder has no index.html, or all are too large.
    explicit StaticFiles(const StaticFilesConfig& config);

    /// As Router::otherwise(); this must outlive `router`.
    void mount(Router& router) const;
    Result<Reply> reply(const Request& request) const;

  private:
    using Bytes = std::shared_ptr<const std::string>;
    struct File {
        std::string type;
        std::string etag;
        bool hashed;
        Bytes plain, gzip, brotli;  // The last two null where they are no smaller.
    };
    void read_folder(const std::filesystem::path& folder, const std::string& prefix);
    File read(const std::filesystem::path& path) const;
    const File& page_of(std::string_view path) const;
    Reply reply(const File& file, const Request& request) const;

    const StaticFilesConfig config_;
    std::size_t bytes_ = 0;
    std::map<std::string, File, std::less<>> files_;  // By path: "/assets/index-B3x9_kQ2.js".
};

}  // namespace mobilytics::http
