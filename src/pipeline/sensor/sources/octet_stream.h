#pragma once
// Octets from a descriptor, with a limit to the waiting and a way to end it from another thread.

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::sensor {

/// Ends a wait from another thread.
class Cancel {
  public:
    Cancel();  // Throws if the system has no more descriptors.
    ~Cancel();
    Cancel(const Cancel&) = delete;
    Cancel& operator=(const Cancel&) = delete;

    void raise();
    bool raised() const { return raised_; }

    enum class Woken { by_event, by_time, by_cancel };
    /// Until `descriptor` (none: -1) has one of `events` of poll(2), hung up or failed, or the time
    /// is over.
    Woken wait(int descriptor, short events, std::chrono::milliseconds wait_max) const;

  private:
    int event_;
    std::atomic<bool> raised_{false};
};

/// What was read and not yet used.
class OctetStream {
  public:
    enum class Fill { more, idle, end, failed };

    /// A file, FIFO, terminal line ("/dev/ttyUSB0@9600") or "-", standard input. invalid
    /// `unreadable`.
    static Result<std::unique_ptr<OctetStream>> open(const std::string& path);
    /// Takes over an open descriptor.
    OctetStream(int descriptor, std::string name);
    ~OctetStream();
    OctetStream(const OctetStream&) = delete;
    OctetStream& operator=(const OctetStream&) = delete;

    std::span<const std::uint8_t> octets() const {
        return std::span(buffer_).subspan(begin_, end_ - begin_);
    }
    /// Forgets octets at the front.
    void use(std::size_t count) { begin_ += count; }
    /// Reads more behind those that are there, which may move. Fails when there are already
    /// `octets_max`, or the descriptor cannot be read.
    Fill fill(std::size_t octets_max, std::chrono::milliseconds wait_max);

    void cancel() { cancel_.raise(); }
    /// No regular file: what comes is as it is said now.
    bool live() const { return live_; }
    bool terminal() const { return terminal_; }
    const std::string& name() const { return name_; }

  private:
    int descriptor_;
    std::string name_;
    bool live_ = false;
    bool terminal_ = false;
    Cancel cancel_;
    std::vector<std::uint8_t> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mobilytics::sensor
