#pragma once
// From a reply to bytes: for server.cpp and for tests.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace mobilytics::http {

/// What of a request shapes the answer.
struct Asked {
    bool head = false;
    bool keep_alive = true;
    std::string accept_encoding = {};
    /// How long browsers are to come by TLS only; 0: they are not told.
    std::chrono::seconds tls_only{0};
};

/// A file that is open, to be read from its start.
class OpenFile {
  public:
    /// Throws std::system_error when it cannot be opened.
    explicit OpenFile(const std::filesystem::path& path);
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    std::uint64_t size() const { return size_; }
    /// The next bytes, at most `most`; empty at the end, or when it cannot be read any more.
    std::string read(std::size_t most);

  private:
    int descriptor_;
    std::uint64_t size_ = 0;
};

struct Outgoing {
    std::string head;  // Up to and with the empty line.
    std::string body = {};
    std::shared_ptr<const std::string> shared_body = {};
    std::shared_ptr<OpenFile> file = {};
    std::shared_ptr<Subscription> events = {};
    std::function<bool()> may_go_on = {};
    bool keep_alive = true;
    unsigned status = 0;     // This and what follows is for logs.
    std::string route = {};  // Empty for what no route has.
    std::string request_id = {};
    std::string trace_id = {};
    std::optional<Caller> caller = {};

    std::string_view bytes() const { return shared_body ? *shared_body : body; }
};

/// Compresses what is large and text. Never throws for want of a file: then it is a 500.
Outgoing outgoing(Reply reply, const Asked& asked);

}  // namespace mobilytics::http
