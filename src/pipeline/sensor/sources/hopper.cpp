#include "pipeline/sensor/sources/hopper.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

/// A generic netlink request, built front to back.
class Request {
  public:
    Request(std::uint16_t family, std::uint32_t sequence, std::uint8_t command) {
        nlmsghdr header{};
        header.nlmsg_type = family;
        header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
        header.nlmsg_seq = sequence;
        append(&header, sizeof header);
        genlmsghdr generic{};
        generic.cmd = command;
        generic.version = 1;
        append(&generic, sizeof generic);
    }
    void attribute(std::uint16_t type, const void* value, std::size_t size) {
        nlattr head{};
        head.nla_len = static_cast<std::uint16_t>(sizeof head + size);
        head.nla_type = type;
        append(&head, sizeof head);
        append(value, size);
        octets_.resize((octets_.size() + 3) / 4 * 4);
    }
    std::vector<std::uint8_t> finish() {
        const auto size = static_cast<std::uint32_t>(octets_.size());
        std::memcpy(octets_.data(), &size, sizeof size);
        return std::move(octets_);
    }

  private:
    void append(const void* value, std::size_t size) {
        const auto* begin = static_cast<const std::uint8_t*>(value);
        octets_.insert(octets_.end(), begin, begin + size);
    }
    std::vector<std::uint8_t> octets_;
};

constexpr std::chrono::milliseconds kAnswerMax{1'000};

/// The next message on the socket; empty if none comes in time.
std::vector<std::uint8_t> receive(int socket) {
    pollfd polled{socket, POLLIN, 0};
    if (poll(&polled, 1, static_cast<int>(kAnswerMax.count())) <= 0) return {};
    std::vector<std::uint8_t> message(8192);
    const ssize_t size = recv(socket, message.data(), message.size(), 0);
    message.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return message;
}

/// The family's number in the controller's answer.
std::uint16_t family_in(Octets answer) {
    OctetReader in(answer);
    in.skip(sizeof(nlmsghdr) + sizeof(genlmsghdr));
    while (in.good() && in.rest().size() >= sizeof(nlattr)) {
        nlattr head{};
        std::memcpy(&head, in.take(sizeof head).data(), sizeof head);
        if (head.nla_len < sizeof head) break;
        const Octets value = in.take(head.nla_len - sizeof head);
        if (in.good() && head.nla_type == CTRL_ATTR_FAMILY_ID && value.size() >= 2) {
            std::uint16_t family = 0;
            std::memcpy(&family, value.data(), sizeof family);
            return family;
        }
        in.align(4);
    }
    return 0;
}

std::uint16_t find_family(int socket) {
    constexpr std::string_view kName("nl80211\0", 8);
    Request request(GENL_ID_CTRL, 1, CTRL_CMD_GETFAMILY);
    request.attribute(CTRL_ATTR_FAMILY_NAME, kName.data(), kName.size());
    const auto octets = request.finish();
    if (send(socket, octets.data(), octets.size(), 0) < 0) return 0;
    const auto answer = receive(socket);
    if (netlink_error(answer)) return 0;  // Also an acknowledgement, which has no family.
    const std::uint16_t family = family_in(answer);
    receive(socket);  // The acknowledgement behind it.
    return family;
}

}  // namespace

std::vector<std::uint8_t> tune_request(
    std::uint16_t family, std::uint32_t sequence, int index, std::uint32_t frequency_mhz) {
    Request request(family, sequence, NL80211_CMD_SET_WIPHY);
    const auto interface = static_cast<std::uint32_t>(index);
    const std::uint32_t width = NL80211_CHAN_NO_HT;
    request.attribute(NL80211_ATTR_IFINDEX, &interface, sizeof interface);
    request.attribute(NL80211_ATTR_WIPHY_FREQ, &frequency_mhz, sizeof frequency_mhz);
    request.attribute(NL80211_ATTR_WIPHY_CHANNEL_TYPE, &width, sizeof width);
    return request.finish();
}

std::optional<int> netlink_error(Octets answer) {
    nlmsghdr header{};
    if (answer.size() < sizeof header + sizeof(int)) return std::nullopt;
    std::memcpy(&header, answer.data(), sizeof header);
    if (header.nlmsg_type != NLMSG_ERROR) return std::nullopt;
    int error = 0;
    std::memcpy(&error, answer.data() + sizeof header, sizeof error);
    return -error;
}

std::uint32_t frequency_of(std::uint8_t channel) {
    if (channel == 14) return 2484;
    if (channel >= 1 && channel <= 13) return 2407U + 5U * channel;
    if (channel >= 32 && channel <= 177) return 5000U + 5U * channel;
    return 0;
}

Result<Hopper> Hopper::open(const std::string& interface, std::vector<std::uint8_t> channels) {
    const auto index = static_cast<int>(if_nametoindex(interface.c_str()));
    if (index == 0) {
        return fail(ErrorKind::invalid, "no_interface", "there is no interface " + interface);
    }
    for (const std::uint8_t channel : channels) {
        if (frequency_of(channel) != 0) continue;
        return fail(
            ErrorKind::invalid, "no_channel", std::to_string(channel) + " is not a Wi-Fi channel");
    }
    const int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
    const std::uint16_t family = descriptor < 0 ? 0 : find_family(descriptor);
    if (family == 0) {
        if (descriptor >= 0) close(descriptor);
        return fail(
            ErrorKind::unavailable, "no_nl80211",
            "this machine's kernel has no wireless stack (nl80211) to change channels with");
    }
    return Hopper(descriptor, family, index, std::move(channels));
}

Hopper::Hopper(int socket, std::uint16_t family, int index, std::vector<std::uint8_t> channels)
    : socket_(socket), family_(family), index_(index), channels_(std::move(channels)) {}

Hopper::Hopper(Hopper&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      family_(other.family_),
      index_(other.index_),
      sequence_(other.sequence_),
      channels_(std::move(other.channels_)),
      next_(other.next_) {}

Hopper::~Hopper() {
    if (socket_ >= 0) close(socket_);
}

int Hopper::ask(std::span<const std::uint8_t> request) {
    if (send(socket_, request.data(), request.size(), 0) < 0) return errno;
    return netlink_error(receive(socket_)).value_or(ETIMEDOUT);
}

Result<std::uint8_t> Hopper::hop() {
    for (std::size_t tried = 0; tried < channels_.size(); ++tried) {
        const std::uint8_t channel = channels_[next_];
        next_ = (next_ + 1) % channels_.size();
        const int error = ask(tune_request(family_, ++sequence_, index_, frequency_of(channel)));
        if (error == 0) return channel;
        if (error == EPERM || error == EACCES) {
            return fail(
                ErrorKind::forbidden, "not_permitted", "changing channels needs CAP_NET_ADMIN");
        }
        if (error == ENODEV) {
            return fail(ErrorKind::unavailable, "radio_gone", "the interface is gone");
        }
    }
    return fail(ErrorKind::invalid, "no_channel", "the radio refuses every channel it was given");
}

}  // namespace mobilytics::sensor
