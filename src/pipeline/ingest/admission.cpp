#include "pipeline/ingest/admission.h"

#include <algorithm>

namespace mobilytics::ingest {

bool Admission::has_room(std::size_t bytes) const {
    // One alone may be larger than the limit, or it would never come in.
    const bool fits = bytes_ == 0 || bytes_ + bytes <= limits_.bytes_max;
    return parcels_ < limits_.parcels_max && fits;
}

bool Admission::enter(std::size_t bytes, std::chrono::milliseconds wait_max) {
    std::unique_lock lock(mutex_);
    left_.wait_for(lock, wait_max, [&] { return closed_ || has_room(bytes); });
    if (closed_ || !has_room(bytes)) return false;
    bytes_ += bytes;
    ++parcels_;
    return true;
}

void Admission::leave(std::size_t bytes) {
    {
        const std::lock_guard lock(mutex_);
        bytes_ -= bytes;
        --parcels_;
    }
    left_.notify_all();
}

void Admission::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    left_.notify_all();
}

bool Admission::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

std::size_t Admission::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::size_t Admission::parcels() const {
    const std::lock_guard lock(mutex_);
    return parcels_;
}

double Admission::filled() const {
    const std::lock_guard lock(mutex_);
    const auto share = [](std::size_t part, std::size_t whole) {
        return static_cast<double>(part) / static_cast<double>(whole);
    };
    return std::max(share(bytes_, limits_.bytes_max), share(parcels_, limits_.parcels_max));
}

Advice advice_at(double filled, std::uint32_t window, std::chrono::milliseconds pause_max) {
    Advice advice{std::chrono::milliseconds(0), window};
    if (filled >= 0.5) advice.window_max = std::max(1U, window / 8);
    if (filled >= 0.75) {
        const auto pause = static_cast<double>(pause_max.count()) * std::min(1.0, filled);
        advice.retry_after = std::chrono::milliseconds(static_cast<std::int64_t>(pause));
    }
    return advice;
}

}  // namespace mobilytics::ingest
