// Coroutines are for this edge only. Beside a co_await stand no braces and no capturing lambda:
// g++ 12 destroys twice what they make. Name it on the line above.

#include "platform/http/conversation.h"

#include <algorithm>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "foundation/log.h"
#include "foundation/monotonic.h"

namespace mobilytics::http {

using boost::system::error_code;

namespace {

constexpr std::size_t kSpaceLeast = 2 * 1024;  // What an idle connection keeps.
constexpr std::size_t kSpaceKept = 8 * 1024;
constexpr std::size_t kSpaceOfBody = 16 * 1024;
constexpr std::size_t kPiece = 64 * 1024;           // Goes within wait_max.
constexpr std::size_t kDiscardedMax = 1024 * 1024;  // Of what a client sends that was refused.
constexpr std::chrono::milliseconds kLinger{1'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kHeartbeat = "event: heartbeat\ndata: {}\n\n";

asio::const_buffer buffer(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

Reply try_later() {
    auto reply = problem(503, {ErrorKind::unavailable, "try_later", "try again in a moment"});
    reply.headers.add("Retry-After", "1");
    return reply;
}

/// Whether a certificate is still good. Who cannot be asked about it is not let in, but is not told
/// that it is revoked either: throws Unavailable.
bool is_good(const std::optional<TlsConfig>& tls, const std::optional<PeerCertificate>& peer) {
    if (!tls || !tls->accepted || !peer) return true;
    try {
        return tls->accepted(*peer);
    } catch (const std::exception& failure) {
        log::warning("certificate_not_checked", {{"why", failure.what()}});
        throw Unavailable(failure.what());
    }
}

/// Does `work` on a worker's thread, then goes on where the coroutine was.
class Handover {
  public:
    Handover(asio::thread_pool& workers, std::function<void()> work)
        : workers_(workers), work_(std::move(work)) {}

    template <class Resume>
    void operator()(Resume resume) {
        auto home = asio::make_work_guard(asio::get_associated_executor(resume));
        asio::post(
            workers_, [home = std::move(home), work = std::move(work_),
                       resume = std::move(resume)]() mutable {
                work();
                const auto executor = home.get_executor();
                asio::post(executor, std::move(resume));
            });
    }

  private:
    asio::thread_pool& workers_;
    std::function<void()> work_;
};

}  // namespace

ServerMetrics::ServerMetrics(metrics::Registry* of, const std::string& its_listener)
    : registry(of), listener(its_listener) {}

void ServerMetrics::refused(const char* why) const {
    if (registry == nullptr) return;
    registry
        ->counter(
            "mobilytics_http_refused_total", "Connections and requests that no route saw.",
            {{"listener", listener}, {"why", why}})
        .Increment();
}

void ServerMetrics::open(std::size_t connections, std::size_t streams) const {
    if (registry == nullptr) return;
    const metrics::Labels labels{{"listener", listener}};
    registry->gauge("mobilytics_http_open_connections", "Connections that are open.", labels)
        .Set(static_cast<double>(connections));
    registry->gauge("mobilytics_http_open_streams", "Streams of events.", labels)
        .Set(static_cast<double>(streams));
}

/// Wakes a stream that waits for news or for its heartbeat.
class Conversation::Waker {
  public:
    explicit Waker(asio::io_context& io) : timer(io) {}
    void wake() {
        news = true;
        timer.cancel();
    }

    asio::steady_timer timer;
    bool news = false;
};

/// When a request was whole, and what had been written until then.
struct Conversation::Since {
    Stopwatch stopwatch;
    std::uint64_t written = 0;
    std::string address;
};

Conversation::Conversation(Floor& floor, std::unique_ptr<Connection> connection)
    : floor_(floor), connection_(std::move(connection)) {}

Conversation::~Conversation() { keep_count_of_body(0); }

asio::awaitable<void> Conversation::run() {
    allow(floor_.config.header_wait_max);
    bool more = co_await connection_->begin();
    if (!more) floor_.metrics.refused("handshake");
    if (more) more = co_await is_accepted();
    while (more && !floor_.stopping) more = co_await exchange();
    connection_->cut();
}

void Conversation::check_time() {
    if (due_ == 0 || floor_.tick < due_) return;
    if (!idle_) floor_.metrics.refused("slow");
    cut();
}

void Conversation::drain() {
    if (idle_) cut();
    if (waker_) waker_->wake();
}

void Conversation::cut() {
    due_ = 0;
    connection_->cut();
}

void Conversation::allow(std::chrono::milliseconds most) {
    due_ = floor_.tick + static_cast<std::uint64_t>(most / kTick) + 1;
}

void Conversation::allow_body(const RequestReader& reader) {
    const auto bytes = reader.body_bytes_promised().value_or(floor_.config.body_bytes_max);
    const auto seconds = bytes / floor_.config.body_bytes_per_second_min;
    const auto capped = std::min<std::uint64_t>(seconds, 24 * 3600);
    allow(floor_.config.wait_max + std::chrono::seconds(capped));
}

void Conversation::keep_count_of_body(std::size_t bytes) {
    floor_.body_bytes += bytes - body_bytes_;
    body_bytes_ = bytes;
}

asio::awaitable<void> Conversation::on_worker(std::function<void()> work) {
    Handover handover(floor_.workers, std::move(work));
    const auto token = asio::use_awaitable;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        std::move(handover), token);
}

asio::awaitable<bool> Conversation::is_accepted() {
    if (!connection_->peer()) co_return true;
    bool accepted = false;
    std::function<void()> ask = [this, &accepted] {
        try {
            accepted = is_good(floor_.config.tls, connection_->peer());
        } catch (const Unavailable&) {
            accepted = true;  // Each request asks again, and can be told to come later.
        }
    };
    co_await on_worker(std::move(ask));
    if (!accepted) floor_.metrics.refused("certificate");
    co_return accepted;
}

/// A request and its reply. Says whether another may follow.
asio::awaitable<bool> Conversation::exchange() {
    RequestReader reader(floor_.read_limits);
    std::optional<Reply> refusal;
    const bool whole = co_await read(reader, refusal);
    keep_count_of_body(0);
    if (refusal) {
        floor_.metrics.refused("bad_request");
        co_return co_await refuse(*std::move(refusal));
    }
    if (!whole) co_return false;
    co_return co_await answer(reader);
}

asio::awaitable<bool> Conversation::read(RequestReader& reader, std::optional<Reply>& refusal) {
    idle_ = begin_ == end_;
    allow(idle_ ? floor_.config.idle_max : floor_.config.header_wait_max);
    bool in_body = false;
    for (std::size_t taken = take(reader); !reader.done(); taken = take(reader)) {
        if (!in_body && reader.header_done()) {
            in_body = true;
            allow_body(reader);
            if (reader.expects_continue() && begin_ == end_) {
                const auto text = buffer(kContinue);
                const asio::const_buffer none;
                if (!co_await connection_->write(text, none)) co_return false;
            }
        }
        const bool full = floor_.body_bytes > floor_.config.bodies_bytes_max;
        if (full) refusal = try_later();
        const bool stuck = taken == 0 && end_ - begin_ >= floor_.config.header_bytes_max + 1024;
        if (stuck) {
            refusal = problem(400, {ErrorKind::invalid, "bad_request", "a line is too long"});
        }
        if (full || stuck) co_return false;
        if (!co_await read_more(in_body)) co_return false;
        if (idle_) allow(floor_.config.header_wait_max);
        idle_ = false;
    }
    refusal = reader.refusal();
    co_return !refusal;
}

std::size_t Conversation::take(RequestReader& reader) {
    if (begin_ == end_) return 0;
    const auto taken = reader.put({space_.data() + begin_, end_ - begin_});
    begin_ += taken;
    keep_count_of_body(reader.done() ? 0 : reader.body_bytes());
    return taken;
}

/// Whether there is more to take.
asio::awaitable<bool> Conversation::read_more(bool body) {
    if (begin_ > 0) std::copy(space_.begin() + begin_, space_.begin() + end_, space_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (body && space_.size() < kSpaceOfBody) space_.resize(kSpaceOfBody);
    if (end_ == 0 && !body && space_.size() > kSpaceKept) {
        space_.resize(kSpaceLeast);
        space_.shrink_to_fit();
    }
    if (end_ == space_.size()) space_.resize(std::max(kSpaceLeast, 2 * space_.size()));
    const asio::mutable_buffer rest(space_.data() + end_, space_.size() - end_);
    const auto count = co_await connection_->read(rest);
    end_ += count;
    co_return count > 0;
}

Asked Conversation::asked() const {
    Asked out;
    out.tls_only = floor_.config.tls_only;
    return out;
}

Outgoing Conversation::made(Request request, const Asked& asked) const noexcept {
    try {
        if (is_good(floor_.config.tls, request.peer)) {
            return outgoing(floor_.router.load()->handle(std::move(request)), asked);
        }
    } catch (const Unavailable&) {
        return outgoing(try_later(), asked);
    }
    const Error error{ErrorKind::forbidden, "certificate_revoked", "this is not accepted any more"};
    auto last = asked;
    last.keep_alive = false;
    return outgoing(problem(403, error), last);
}

asio::awaitable<bool> Conversation::answer(RequestReader& reader) {
    // Who comes again comes by a new connection, which may be another server's by then.
    const bool more = reader.keep_alive() && !floor_.stopping && !floor_.draining;
    auto request = reader.take();
    request.remote_address =
        floor_.config.proxies.client_of(request.headers, connection_->remote_address());
    request.of_this_machine = is_of_this_machine(request.headers, connection_->remote_address());
    request.peer = connection_->peer();
    const auto method = request.method;
    Since since;
    since.written = connection_->written();
    since.address = request.remote_address;
    auto asked = this->asked();
    asked.head = request.method == verb::head;
    asked.keep_alive = more;
    asked.accept_encoding = request.headers.get("Accept-Encoding");
    due_ = 0;  // A handler takes as long as it takes.
    Outgoing out;
    if (floor_.in_hand >= floor_.config.in_hand_max) {
        floor_.metrics.refused("busy");
        out = outgoing(try_later(), asked);
    } else {
        std::function<void()> work = [this, &request, &asked, &out]() noexcept {
            out = made(std::move(request), asked);
        };
        ++floor_.in_hand;
        co_await on_worker(std::move(work));
        --floor_.in_hand;
    }
    const bool goes_on = co_await give(out);
    note(out, method, since);
    co_return goes_on;
}

asio::awaitable<bool> Conversation::give(const Outgoing& out) {
    if (!out.events) co_return co_await send(out);
    co_await stream(out);
    co_return false;
}

/// What an operator wants to know of each request, and nothing of what it says: no query, whose
/// words may be secret, and of the client no more than its network.
void Conversation::note(const Outgoing& out, verb method, const Since& since) const {
    if (!floor_.config.log_requests) return;
    const auto took = std::chrono::round<std::chrono::milliseconds>(since.stopwatch.elapsed());
    log::Fields line{
        {"method", to_string(method)},
        {"route", out.route},
        {"status", out.status},
        {"ms", took.count()},
        {"bytes", connection_->written() - since.written},
        {"request", out.request_id},
        {"trace_id", out.trace_id},
        {"from", network_of(since.address)}};
    if (out.caller) {
        for (auto& field : who(*out.caller)) line.insert(field);
    }
    log::info("request", line);
}

asio::awaitable<bool> Conversation::send(const Outgoing& out) {
    auto head = std::string_view(out.head);
    auto rest = out.bytes();
    do {
        const auto piece = rest.substr(0, kPiece);
        allow(floor_.config.wait_max);
        const auto first = buffer(head);
        const auto second = buffer(piece);
        if (!co_await connection_->write(first, second)) co_return false;
        head = {};
        rest.remove_prefix(piece.size());
    } while (!rest.empty());
    if (out.file) {
        const bool whole = co_await send_file(out);
        if (!whole) co_return false;
    }
    if (out.keep_alive) co_return true;
    allow(kLinger);
    co_await connection_->end_writing();
    co_return false;
}

asio::awaitable<bool> Conversation::send_file(const Outgoing& out) {
    for (std::uint64_t left = out.file->size(); left > 0;) {
        std::string piece;
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
        std::function<void()> read = [&out, &piece, most] { piece = out.file->read(most); };
        due_ = 0;
        co_await on_worker(std::move(read));
        if (piece.empty()) co_return false;  // It has shrunk: the client sees that it is cut.
        allow(floor_.config.wait_max);
        const auto first = buffer(piece);
        const asio::const_buffer none;
        if (!co_await connection_->write(first, none)) co_return false;
        left -= piece.size();
    }
    co_return true;
}

/// The last that is said. What the client still sends is read, or else closing would destroy the
/// answer before it is read.
asio::awaitable<bool> Conversation::refuse(Reply reply) {
    auto asked = this->asked();
    asked.keep_alive = false;
    auto out = outgoing(std::move(reply), asked);
    const auto head = buffer(out.head);
    const auto body = buffer(out.bytes());
    allow(floor_.config.wait_max);
    if (!co_await connection_->write(head, body)) co_return false;
    allow(kLinger);
    co_await connection_->end_writing();
    space_.resize(std::max(space_.size(), kSpaceLeast));
    for (std::size_t discarded = 0; discarded < kDiscardedMax;) {
        const asio::mutable_buffer space(space_.data(), space_.size());
        const auto count = co_await connection_->read(space);
        if (count == 0) break;
        discarded += count;
    }
    co_return false;
}

asio::awaitable<void> Conversation::stream(const Outgoing& out) {
    if (floor_.streams >= floor_.config.streams_max || floor_.stopping) {
        floor_.metrics.refused("streams");
        auto asked = this->asked();
        asked.keep_alive = false;
        const auto busy = outgoing(try_later(), asked);
        co_await send(busy);
        co_return;
    }
    ++floor_.streams;
    waker_ = std::make_shared<Waker>(floor_.io);
    auto wake = [waker = waker_, &io = floor_.io] { asio::post(io, [waker] { waker->wake(); }); };
    out.events->when_news(std::move(wake));
    asio::co_spawn(floor_.io, watch(shared_from_this()), asio::detached);
    co_await send_events(out);
    out.events->when_news(nullptr);
    waker_.reset();
    --floor_.streams;
}

asio::awaitable<void> Conversation::send_events(const Outgoing& out) {
    auto text = out.head;
    waker_->timer.expires_after(floor_.config.heartbeat);
    while (!gone_ && !floor_.stopping) {
        const bool last = out.events->ended();
        text += out.events->take();
        if (!text.empty()) {
            allow(floor_.config.wait_max);
            const auto first = buffer(text);
            const asio::const_buffer none;
            if (!co_await connection_->write(first, none)) co_return;
            due_ = 0;
            text.clear();
        }
        if (last) co_return;
        if (!waker_->news) {
            error_code woken;
            co_await waker_->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            const bool due = !woken;
            if (due && !co_await heartbeat(out)) co_return;
        }
        waker_->news = false;
    }
}

/// Whether the stream may go on.
asio::awaitable<bool> Conversation::heartbeat(const Outgoing& out) {
    bool may = true;
    if (out.may_go_on) {
        std::function<void()> ask = [&out, &may] {
            try {
                may = out.may_go_on();
            } catch (const std::exception& failure) {  // Not known: then not ended for it.
                log::warning("stream_not_checked", {{"why", failure.what()}});
            }
        };
        co_await on_worker(std::move(ask));
    }
    if (!may) co_return false;
    waker_->timer.expires_after(floor_.config.heartbeat);
    allow(floor_.config.wait_max);
    const auto text = buffer(kHeartbeat);
    const asio::const_buffer none;
    const bool sent = co_await connection_->write(text, none);
    due_ = 0;
    co_return sent;
}

/// A client that streams has nothing to say: whatever comes, it is the end.
asio::awaitable<void> Conversation::watch(std::shared_ptr<Conversation> self) {
    std::array<char, 64> space{};
    const asio::mutable_buffer into(space.data(), space.size());
    co_await self->connection_->read(into);
    self->gone_ = true;
    if (self->waker_) self->waker_->wake();
}

}  // namespace mobilytics::http
