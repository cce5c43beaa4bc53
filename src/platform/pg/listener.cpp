#include "platform/pg/listener.h"

#include <algorithm>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "platform/pg/connection.h"

namespace mobilytics::pg {

namespace {

using namespace std::chrono_literals;

constexpr auto kPauseFirst = 100ms;
constexpr auto kPauseMax = 5000ms;
constexpr auto kStatementMax = 5000ms;

}  // namespace

Listener::Listener(Address address, std::vector<std::string> channels)
    : address_(std::move(address)),
      channels_(std::move(channels)),
      stopping_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    VERIFY(stopping_ >= 0);
}

Listener::~Listener() { close(stopping_); }

void Listener::stop() {
    const std::uint64_t once = 1;
    VERIFY(write(stopping_, &once, sizeof once) == sizeof once);
}

/// Waits until `socket` (-1: none) can be read; true, when it was stopped first.
bool Listener::stopped_within(int socket, std::chrono::milliseconds wait_max) const {
    pollfd either[] = {{stopping_, POLLIN, 0}, {socket, POLLIN, 0}};
    poll(either, 2, static_cast<int>(wait_max.count()));
    return either[0].revents != 0;
}

Heard Listener::wait(std::chrono::milliseconds wait_max) {
    const Deadline deadline(wait_max);
    Heard heard;
    while (true) {
        try {
            if (connection_ == nullptr) {
                heard.stopped = stopped_within(-1, std::min(next_try_.left(), deadline.left()));
                if (heard.stopped || !next_try_.passed()) return heard;
                connect();
                heard.may_have_missed = true;
            }
            read_into(heard);
            if (heard.may_have_missed || !heard.notifications.empty()) return heard;
            heard.stopped = stopped_within(PQsocket(connection_->link()), deadline.left());
            if (heard.stopped) return heard;
            read_into(heard);
        } catch (const Unavailable& why) {
            if (connection_ != nullptr || pause_ == 0ms) {
                log::warning("listener_lost", {{"why", why.what()}});
            }
            connection_ = nullptr;
            pause_ = std::clamp(2 * pause_, kPauseFirst, kPauseMax);
            next_try_ = Deadline(pause_);
        }
        if (!heard.notifications.empty() || deadline.passed()) return heard;
    }
}

void Listener::connect() {
    connection_ = std::make_unique<Connection>(address_, kStatementMax);
    for (const auto& channel : channels_) {
        VERIFY(channel.find('"') == channel.npos);
        connection_->command("pg.listen", "LISTEN \"" + channel + "\"");
    }
    pause_ = 0ms;
}

void Listener::read_into(Heard& heard) {
    PGconn* link = connection_->link();
    if (PQconsumeInput(link) != 1) throw Unavailable(PQerrorMessage(link));
    while (PGnotify* notify = PQnotifies(link)) {
        heard.notifications.push_back({notify->relname, notify->extra});
        PQfreemem(notify);
    }
}

}  // namespace mobilytics::pg
