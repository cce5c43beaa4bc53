#pragma once
// How much may be in hand: what was let in and is not yet settled, by bytes and by count. This is
// what bounds ingest's memory, whoever sends whatever while Postgres is away.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

namespace mobilytics::ingest {

struct AdmissionLimits {
    std::size_t bytes_max = 64 << 20;
    std::size_t parcels_max = 20'000;
};

/// What sensors are told in their acks, so that the queue drains.
struct Advice {
    std::chrono::milliseconds retry_after{0};
    std::uint32_t window_max = 0;
};

/// For any thread.
class Admission {
  public:
    explicit Admission(AdmissionLimits limits) : limits_(limits) {}

    /// Lets `bytes` in, or waits for room at most so long; false when there was none.
    bool enter(std::size_t bytes, std::chrono::milliseconds wait_max);
    void leave(std::size_t bytes);
    /// Nobody is let in any more, and nobody waits.
    void close();

    bool closed() const;

    std::size_t bytes() const;
    std::size_t parcels() const;
    /// How full it is, 0 to 1, by whichever limit is nearer.
    double filled() const;

  private:
    bool has_room(std::size_t bytes) const;

    const AdmissionLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable left_;
    std::size_t bytes_ = 0;
    std::size_t parcels_ = 0;
    bool closed_ = false;
};

/// Below half: the whole window, and go on. Above: the window shrinks to an eighth; above three
/// quarters sensors pause as well, up to `pause_max` when it is full.
Advice advice_at(double filled, std::uint32_t window, std::chrono::milliseconds pause_max);

/// Leaves when it goes.
class Admitted {
  public:
    Admitted() = default;
    Admitted(Admission& admission, std::size_t bytes) : admission_(&admission), bytes_(bytes) {}
    Admitted(Admitted&& other) noexcept : admission_(other.admission_), bytes_(other.bytes_) {
        other.admission_ = nullptr;
    }
    Admitted& operator=(Admitted&& other) noexcept {
        std::swap(admission_, other.admission_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~Admitted() {
        if (admission_ != nullptr) admission_->leave(bytes_);
    }

  private:
    Admission* admission_ = nullptr;
    std::size_t bytes_ = 0;
};

}  // namespace mobilytics::ingest
