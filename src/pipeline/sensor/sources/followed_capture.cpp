#include "pipeline/sensor/sources/followed_capture.h"

#include "foundation/log.h"
#include "pipeline/sensor/sources/open.h"

namespace mobilytics::sensor {

namespace {

/// Nobody reads meanwhile, so that a program which writes something else notices.
constexpr std::chrono::milliseconds kPause{1'000};

}  // namespace

void FollowedCapture::cancel() {
    cancel_.raise();
    const std::lock_guard lock(mutex_);
    if (current_) current_->cancel();
}

bool FollowedCapture::open() {
    auto opened = open_capture(path_);
    if (!opened) {
        failure_ = opened.error();
        return false;
    }
    const std::lock_guard lock(mutex_);
    if (cancel_.raised()) return false;
    // The one before is closed only now: a writer that comes meanwhile always has a reader.
    current_ = *std::move(opened);
    return true;
}

void FollowedCapture::leave() {
    const std::lock_guard lock(mutex_);
    current_.reset();
}

Step FollowedCapture::next(RawFrame& frame, std::chrono::milliseconds wait_max) {
    if (pause_.count() > 0) {
        const auto wait = std::min(pause_, wait_max);
        if (cancel_.wait(-1, 0, wait) == Cancel::Woken::by_cancel) return Step::end;
        pause_ -= wait;
        return Step::idle;
    }
    if (!current_ && !open()) return cancel_.raised() ? Step::end : Step::failed;
    const auto step = current_->next(frame, wait_max);
    if (step == Step::ready || step == Step::idle) return step;
    if (cancel_.raised()) return Step::end;
    if (step == Step::end || current_->failure().code == "cut_off") {
        log::info("capture_ended", {{"from", path_}, {"whole", step == Step::end}});
        if (!open()) return cancel_.raised() ? Step::end : Step::failed;
        return Step::idle;
    }
    const auto& why = current_->failure();
    log::warning("capture_broken", {{"why", why.code}, {"detail", why.message}});
    leave();
    pause_ = kPause;
    return Step::idle;
}

}  // namespace mobilytics::sensor
