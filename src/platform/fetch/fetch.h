#pragma once
// HTTP requests to others, over libcurl: one at a time, each with a deadline and a limit on what
// comes back. What they answer is an outcome, whatever its status; that they do not is one as well.

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/result.h"
#include "foundation/secret.h"
#include "platform/fetch/egress.h"

namespace mobilytics::fetch {

struct Trust {
    std::string authority_file = {};    // PEM; empty: the system's authorities.
    std::string certificate_file = {};  // PEM, ours; empty: none is shown.
    std::string key_file = {};          // PEM; belongs to it.
};

struct Limits {
    std::chrono::milliseconds connect_max{10'000};
    std::chrono::milliseconds total_max{30'000};
    std::size_t body_bytes_max = 4 << 20;
};

struct Request {
    std::string method = "GET";
    std::string url = {};  // http or https; no other scheme is spoken, no redirection followed.
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
};

struct Reply {
    int status = 0;
    std::map<std::string, std::string> headers;  // Names in lower case; of several the last.
    std::string body = {};
};

/// Keeps its connection for the next request. One thread at a time.
class Client {
  public:
    /// `egress`: to where. Where it is public_only no proxy is used, whatever the environment says.
    explicit Client(Trust trust = {}, Limits limits = {}, Egress egress = {});
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    /// unavailable `no_answer`, when there was none in time, with what libcurl says; `too_large`;
    /// `not_trusted`, when the other side's certificate is not its own, or ours was refused;
    /// `address_refused`, when its address is not one that `egress` allows: nothing was sent.
    Result<Reply> send(const Request& request);
    /// What send() is doing ends soon with `no_answer`; so does every later one. For any thread.
    void stop();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mobilytics::fetch
