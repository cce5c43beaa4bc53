#include "pipeline/sensor/sources/radio.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <net/if.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "pipeline/sensor/decode/fingerprint.h"

namespace mobilytics::sensor {

namespace {

using std::chrono::milliseconds;

tl::unexpected<Error> refused(int code, const RadioOptions& options, pcap_t* handle) {
    const std::string& name = options.interface;
    const std::string why = pcap_geterr(handle);
    switch (code) {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            return fail(ErrorKind::invalid, "no_interface", "there is no interface " + name);
        case PCAP_ERROR_PERM_DENIED:
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            return fail(
                ErrorKind::forbidden, "not_permitted",
                "capturing on " + name + " needs CAP_NET_RAW");
        case PCAP_ERROR_RFMON_NOTSUP:
            return fail(ErrorKind::invalid, "not_a_radio", name + " has no monitor mode");
        case PCAP_ERROR_IFACE_NOT_UP:
            return fail(ErrorKind::unavailable, "radio_down", name + " is not up");
        default:
            return fail(ErrorKind::unavailable, "radio_gone", name + " cannot be opened: " + why);
    }
}

/// So the kernel passes on nothing but probe requests.
Result<> keep_probe_requests(pcap_t* handle) {
    bpf_program program{};
    const bool good =
        pcap_compile(handle, &program, "type mgt subtype probe-req", 1, PCAP_NETMASK_UNKNOWN) ==
            0 &&
        pcap_setfilter(handle, &program) == 0;
    pcap_freecode(&program);
    if (good) return {};
    return fail(ErrorKind::unavailable, "radio_gone", pcap_geterr(handle));
}

}  // namespace

Result<std::unique_ptr<FrameSource>> Radio::open(const RadioOptions& options) {
    if (if_nametoindex(options.interface.c_str()) == 0) {
        return fail(
            ErrorKind::invalid, "no_interface", "there is no interface " + options.interface);
    }
    std::array<char, PCAP_ERRBUF_SIZE> text{};
    Handle handle(pcap_create(options.interface.c_str(), text.data()), pcap_close);
    if (!handle) return fail(ErrorKind::unavailable, "radio_gone", text.data());
    constexpr int kTimeoutMs = 100;
    constexpr int kBufferBytes = 4 << 20;
    pcap_set_snaplen(handle.get(), kFrameBytesMax);
    pcap_set_timeout(handle.get(), kTimeoutMs);
    pcap_set_immediate_mode(handle.get(), 1);
    pcap_set_buffer_size(handle.get(), kBufferBytes);
    if (pcap_can_set_rfmon(handle.get()) == 1) pcap_set_rfmon(handle.get(), 1);
    if (const int code = pcap_activate(handle.get()); code < 0) {
        return refused(code, options, handle.get());
    }
    const int link = pcap_datalink(handle.get());
    if (link != DLT_IEEE802_11_RADIO && link != DLT_IEEE802_11) {
        return refused(PCAP_ERROR_RFMON_NOTSUP, options, handle.get());
    }
    CHECK(keep_probe_requests(handle.get()));
    if (pcap_setnonblock(handle.get(), 1, text.data()) != 0) {
        return fail(ErrorKind::unavailable, "radio_gone", text.data());
    }
    std::optional<Hopper> hopper;
    if (!options.channels.empty()) {
        TRY(auto opened, Hopper::open(options.interface, options.channels));
        hopper.emplace(std::move(opened));
        CHECK(hopper->hop());
    }
    return std::unique_ptr<FrameSource>(
        new Radio(std::move(handle), std::move(hopper), options.dwell));
}

Radio::Radio(Handle handle, std::optional<Hopper> hopper, milliseconds dwell)
    : handle_(std::move(handle)),
      link_(
          pcap_datalink(handle_.get()) == DLT_IEEE802_11 ? LinkType::ieee80211
                                                         : LinkType::radiotap),
      hopper_(std::move(hopper)) {
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    either_ = epoll_create1(EPOLL_CLOEXEC);
    if (timer_ < 0 || either_ < 0) {
        throw std::system_error(errno, std::generic_category(), "timerfd, epoll");
    }
    if (hopper_) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(dwell);
        const std::chrono::nanoseconds rest = dwell - seconds;
        const timespec every{seconds.count(), rest.count()};
        const itimerspec schedule{every, every};
        timerfd_settime(timer_, 0, &schedule, nullptr);
    }
    for (const int descriptor : {timer_, pcap_get_selectable_fd(handle_.get())}) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        epoll_ctl(either_, EPOLL_CTL_ADD, descriptor, &wanted);
    }
}

Radio::~Radio() {
    close(timer_);
    close(either_);
}

Step Radio::fail_with(Error error) {
    failure_ = std::move(error);
    over_ = Step::failed;
    return Step::failed;
}

bool Radio::hop_when_due() {
    std::uint64_t expirations = 0;
    if (read(timer_, &expirations, sizeof expirations) <= 0) return true;
    const auto channel = hopper_->hop();
    if (!channel) fail_with(channel.error());
    return channel.has_value();
}

Step Radio::next(RawFrame& frame, milliseconds wait_max) {
    if (over_) return *over_;
    for (bool waited = false; !cancel_.raised(); waited = true) {
        if (hopper_ && !hop_when_due()) return Step::failed;
        pcap_pkthdr* header = nullptr;
        const std::uint8_t* octets = nullptr;
        const int code = pcap_next_ex(handle_.get(), &header, &octets);
        if (code < 0) {
            return fail_with({ErrorKind::unavailable, "radio_gone", pcap_geterr(handle_.get())});
        }
        if (code == 1) {
            frame.link = link_;
            frame.at = Instant(
                std::chrono::seconds(header->ts.tv_sec) +
                std::chrono::microseconds(header->ts.tv_usec));
            frame.bytes = {octets, header->caplen};
            frame.original_bytes = header->len;
            frame.number = ++number_;
            frame.fcs_bytes = 0;
            return Step::ready;
        }
        if (waited) return Step::idle;
        if (cancel_.wait(either_, POLLIN, wait_max) == Cancel::Woken::by_time) return Step::idle;
    }
    return Step::end;
}

std::uint64_t Radio::lost() const {
    pcap_stat counts{};
    if (pcap_stats(handle_.get(), &counts) != 0) return 0;
    return std::uint64_t{counts.ps_drop} + counts.ps_ifdrop;
}

}  // namespace mobilytics::sensor
