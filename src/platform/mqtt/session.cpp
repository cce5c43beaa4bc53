#include "platform/mqtt/session.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <mqtt_protocol.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "foundation/result.h"

namespace mobilytics::mqtt {

namespace {

constexpr int kQos = 1;
constexpr std::chrono::milliseconds kStepMax{1000};  // For keep-alives.
constexpr int kRefused = 0x80;                       // Reasons from here on are refusals.

void start_library() {
    static const int started = mosquitto_lib_init();
    VERIFY(started == MOSQ_ERR_SUCCESS);
}

/// libmosquitto connects as long as the kernel tries, minutes; so it is first tried here whether
/// somebody is there. Throws Trouble.
void reach(const ClientConfig& config, Deadline deadline, const WakeUp& wake_up) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const auto port = std::to_string(config.port);
    if (const int failed = getaddrinfo(config.host.c_str(), port.c_str(), &wanted, &found)) {
        throw Trouble(config.host + ": " + gai_strerror(failed));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
    std::string why = "no address";
    for (const auto* at = found; at != nullptr; at = at->ai_next) {
        const int file = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (file < 0) continue;
        int failed = connect(file, at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
        if (failed == EINPROGRESS) {
            pollfd both[] = {{file, POLLOUT, 0}, {wake_up.file(), POLLIN, 0}};
            poll(both, 2, static_cast<int>(deadline.left().count()));
            socklen_t size = sizeof failed;
            getsockopt(file, SOL_SOCKET, SO_ERROR, &failed, &size);
            if (both[0].revents == 0) failed = ETIMEDOUT;
        }
        close(file);
        if (failed == 0) return;
        why = std::strerror(failed);
    }
    throw Trouble(config.host + ":" + port + ": " + why);
}

std::string reason_text(int reason) {
    return reason >= kRefused ? mosquitto_reason_string(reason) : mosquitto_strerror(reason);
}

}  // namespace

WakeUp::WakeUp() : file_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { VERIFY(file_ >= 0); }
WakeUp::~WakeUp() { close(file_); }

void WakeUp::wake() const {
    const std::uint64_t once = 1;
    VERIFY(write(file_, &once, sizeof once) == sizeof once);
}

void WakeUp::clear() const {
    std::uint64_t count = 0;
    VERIFY(read(file_, &count, sizeof count) == sizeof count || errno == EAGAIN);
}

Session::Session(const ClientConfig& config, const Handlers& handlers, const WakeUp& wake_up)
    : config_(config),
      handlers_(handlers),
      wake_up_(wake_up),
      link_(nullptr, mosquitto_destroy),
      establish_(config.connect_max) {
    start_library();
    reach(config_, establish_, wake_up_);
    prepare();
    connect();
}

Session::~Session() = default;

void Session::prepare() {
    const bool forget = config_.session_expiry.count() == 0;
    link_.reset(mosquitto_new(config_.client_id.c_str(), forget, this));
    if (link_ == nullptr) throw Trouble(std::strerror(errno));
    auto* link = link_.get();
    mosquitto_int_option(link, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(link, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_int_option(link, MOSQ_OPT_SEND_MAXIMUM, static_cast<int>(config_.in_flight_max));
    // We write from this thread only, in step().
    mosquitto_threaded_set(link, true);
    set_callbacks();
    if (const auto& will = config_.will) {
        check(mosquitto_will_set_v5(
            link, will->topic.c_str(), static_cast<int>(will->payload.size()), will->payload.data(),
            kQos, will->retained, nullptr));
    }
    if (const auto& trust = config_.trust) {
        for (const auto& file : {trust->authority, trust->certificate, trust->key}) {
            if (!std::ifstream(file)) throw Trouble("cannot read " + file.string());
        }
        check(mosquitto_tls_set(
            link, trust->authority.c_str(), nullptr, trust->certificate.c_str(), trust->key.c_str(),
            nullptr));
        constexpr int kVerify = 1;
        check(mosquitto_tls_opts_set(link, kVerify, "tlsv1.2", nullptr));
    }
}

void Session::connect() {
    mosquitto_property* properties = nullptr;
    if (config_.session_expiry.count() > 0) {
        mosquitto_property_add_int32(
            &properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
            static_cast<std::uint32_t>(config_.session_expiry.count()));
    }
    errno = 0;
    const int result = mosquitto_connect_bind_v5(
        link_.get(), config_.host.c_str(), config_.port,
        static_cast<int>(config_.keep_alive.count()), nullptr, properties);
    mosquitto_property_free_all(&properties);
    check(result);
}

void Session::set_callbacks() {
    auto* link = link_.get();
    mosquitto_connect_v5_callback_set(
        link, [](mosquitto*, void* self, int reason, int flags, const mosquitto_property*) {
            static_cast<Session*>(self)->on_connect(reason, flags);
        });
    mosquitto_disconnect_v5_callback_set(
        link, [](mosquitto*, void* self, int reason, const mosquitto_property*) {
            auto& trouble = static_cast<Session*>(self)->trouble_;
            if (trouble.empty() && reason >= kRefused) trouble = reason_text(reason);
        });
    mosquitto_subscribe_v5_callback_set(
        link, [](mosquitto*, void* self, int message, int count, const int* granted,
                 const mosquitto_property*) {
            static_cast<Session*>(self)->on_subscribe(message, count, granted);
        });
    mosquitto_publish_v5_callback_set(
        link, [](mosquitto*, void* self, int message, int reason, const mosquitto_property*) {
            static_cast<Session*>(self)->on_publish(message, reason);
        });
    mosquitto_message_v5_callback_set(
        link, [](mosquitto*, void* self, const mosquitto_message* message,
                 const mosquitto_property*) { static_cast<Session*>(self)->on_message(*message); });
    mosquitto_log_callback_set(link, [](mosquitto*, void* self, int level, const char* text) {
        if (level == MOSQ_LOG_ERR) static_cast<Session*>(self)->last_error_ = text;
    });
}

/// Throws Trouble, unless all is well.
void Session::check(int result) {
    if (!trouble_.empty()) throw Trouble(trouble_);
    if (result == MOSQ_ERR_SUCCESS) return;
    std::string why = reason_text(result);
    if (result == MOSQ_ERR_ERRNO) {
        why = errno == 0 || errno == EAGAIN ? "the connection was closed" : std::strerror(errno);
    }
    if (!last_error_.empty()) why += ": " + last_error_;
    throw Trouble(why);
}

void Session::step(std::chrono::milliseconds wait_max) {
    auto* link = link_.get();
    const bool waits = !established();
    if (waits && establish_.passed()) throw Trouble("the broker did not answer in time");
    auto wait = std::min(wait_max, kStepMax);
    if (waits) wait = std::min(wait, establish_.left());
    const int file = mosquitto_socket(link);
    if (file < 0) check(MOSQ_ERR_NO_CONN);
    const auto interest =
        static_cast<short>(mosquitto_want_write(link) ? POLLIN | POLLOUT : POLLIN);
    pollfd both[] = {{file, interest, 0}, {wake_up_.file(), POLLIN, 0}};
    poll(both, 2, static_cast<int>(wait.count()));
    wake_up_.clear();
    errno = 0;
    if ((both[0].revents & ~POLLOUT) != 0) check(mosquitto_loop_read(link, 1));
    if (mosquitto_want_write(link)) check(mosquitto_loop_write(link, 1));
    check(mosquitto_loop_misc(link));
}

void Session::on_connect(int reason, int flags) {
    if (reason != 0) {
        trouble_ = std::string("the broker refuses us: ") + mosquitto_reason_string(reason);
        return;
    }
    connected_ = true;
    session_kept_ = (flags & 1) != 0;
    for (const auto& topic : config_.topics) {
        int number = 0;
        const int failed =
            mosquitto_subscribe_v5(link_.get(), &number, topic.c_str(), kQos, 0, nullptr);
        if (failed != MOSQ_ERR_SUCCESS) trouble_ = topic + ": " + mosquitto_strerror(failed);
        subscribing_[number] = topic;
    }
}

void Session::on_subscribe(int message, int count, const int* granted) {
    const auto found = subscribing_.find(message);
    if (found == subscribing_.end()) return;
    if (count != 1 || granted[0] >= kRefused) {
        trouble_ = "the broker refuses the subscription to " + found->second + ": " +
                   (count == 1 ? mosquitto_reason_string(granted[0]) : "no reason given");
    }
    subscribing_.erase(found);
}

void Session::publish(
    const std::string& topic, const std::string& payload, bool retained, Completion done) {
    int number = 0;
    const int failed = mosquitto_publish_v5(
        link_.get(), &number, topic.c_str(), static_cast<int>(payload.size()), payload.data(), kQos,
        retained, nullptr);
    if (failed == MOSQ_ERR_SUCCESS) {
        in_flight_.emplace(number, std::move(done));
    } else if (done) {
        done(Outcome::refused, mosquitto_strerror(failed));
    }
}

void Session::on_publish(int message, int reason) {
    const auto found = in_flight_.find(message);
    if (found == in_flight_.end()) return;
    const auto done = std::move(found->second);
    in_flight_.erase(found);
    if (!done) return;
    if (reason >= kRefused) {
        done(Outcome::refused, mosquitto_reason_string(reason));
    } else {
        done(Outcome::acknowledged, "");
    }
}

void Session::on_message(const mosquitto_message& message) {
    handlers_.received(
        {message.topic,
         {static_cast<const std::uint8_t*>(message.payload),
          static_cast<std::size_t>(message.payloadlen)},
         message.retain});
}

void Session::lose_all(const std::string& why) {
    for (const auto& [number, done] : std::exchange(in_flight_, {})) {
        if (done) done(Outcome::lost, why);
    }
}

void Session::leave(std::chrono::milliseconds wait_max) {
    const Deadline deadline(wait_max);
    try {
        check(mosquitto_disconnect_v5(link_.get(), 0, nullptr));
        while (mosquitto_want_write(link_.get()) && !deadline.passed()) step(deadline.left());
    } catch (const Trouble&) {
        return;  // It is gone, as it should be.
    }
}

}  // namespace mobilytics::mqtt
