#pragma once
// From bytes to a request, strictly: what two servers might read in two ways is refused. For
// server.cpp and for tests.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace mobilytics::http {

struct ReadLimits {
    std::size_t header_bytes_max = 16 * 1024;
    /// Of a body, once it is known where it is for. None: any.
    std::function<std::size_t(verb method, std::string_view target)> body_bytes_max = {};
};

/// Reads one request.
class RequestReader {
  public:
    /// `limits` must outlive this.
    explicit RequestReader(const ReadLimits& limits);
    ~RequestReader();

    /// Reads from the front of `bytes`, and says how many it took; the rest is to be given again,
    /// with more behind it, or belongs to the next request when this one is done.
    std::size_t put(std::string_view bytes);

    bool header_done() const;
    bool done() const;  // Whole, or refused: then nothing more is to be read from this client.
    /// What to answer to what cannot be taken: 400, 413, 417, 431, 501 or 505.
    const std::optional<Reply>& refusal() const;

    /// Whether the client waits for "100 Continue" before it sends the body. Once the header is
    /// done.
    bool expects_continue() const;
    bool keep_alive() const;
    /// How many bytes of body have been kept so far, and how many there will be, when it is known.
    std::size_t body_bytes() const;
    std::optional<std::uint64_t> body_bytes_promised() const;

    /// Once it is done and not refused.
    Request take();

  private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace mobilytics::http
