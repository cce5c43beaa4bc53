#include "platform/http/event_hub.h"

#include <utility>

namespace mobilytics::http {

namespace {

/// As https://html.spec.whatwg.org/multipage/server-sent-events.html has it: a line of data for
/// each line of `data`.
std::string event_text(std::string_view event, std::string_view data) {
    VERIFY(event.find_first_of(": \r\n") == event.npos);
    std::string text = "event: ";
    text.append(event).append("\n");
    for (bool more = true; more;) {
        const auto end = data.find('\n');
        more = end != data.npos;
        auto line = data.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        text.append("data: ");
        for (const char c : line) text.push_back(c == '\r' ? ' ' : c);  // Alone, it ends a line.
        text.append("\n");
        if (more) data.remove_prefix(end + 1);
    }
    return text.append("\n");
}

std::string key_of(std::string_view event, std::string_view key) {
    return key.empty() ? "" : std::string(event).append("\n").append(key);
}

}  // namespace

Subscription::Subscription(EventHub& hub, CompanyId company) : hub_(hub), company_(company) {}

Subscription::~Subscription() { hub_.leave(*this); }

void Subscription::push(std::string_view event, std::string_view key, std::string_view data) {
    put(key_of(event, key), std::make_shared<const std::string>(event_text(event, data)));
}

void Subscription::put(const std::string& key, Text text) {
    const std::scoped_lock lock(mutex_);
    if (ended_) return;
    bytes_ += text->size();
    const auto waits = key.empty() ? place_of_.end() : place_of_.find(key);
    if (waits != place_of_.end()) {
        auto& before = queue_[waits->second - taken_].text;
        bytes_ -= before->size();
        before = std::move(text);
    } else {
        if (!key.empty()) place_of_.emplace(key, taken_ + queue_.size());
        queue_.push_back({key, std::move(text)});
    }
    while (queue_.size() > hub_.limits_.queued_max || bytes_ > hub_.limits_.queued_bytes_max) {
        drop_oldest();
    }
    tell();
}

void Subscription::drop_oldest() {
    bytes_ -= queue_.front().text->size();
    place_of_.erase(queue_.front().key);
    queue_.pop_front();
    ++taken_;
    ++lost_;
}

void Subscription::tell() {
    if (told_ || !news_) return;
    told_ = true;
    news_();
}

void Subscription::when_news(std::function<void()> news) {
    const std::scoped_lock lock(mutex_);
    news_ = std::move(news);
    told_ = false;
    if (!queue_.empty() || lost_ > 0 || ended_) tell();
}

std::string Subscription::take() {
    const std::scoped_lock lock(mutex_);
    std::string all;
    all.reserve(bytes_);
    if (lost_ > 0) all = event_text("lost", "{\"events\":" + std::to_string(lost_) + "}");
    for (const auto& queued : queue_) all += *queued.text;
    taken_ += queue_.size();
    queue_.clear();
    place_of_.clear();
    bytes_ = 0;
    lost_ = 0;
    told_ = false;
    return all;
}

bool Subscription::ended() const {
    const std::scoped_lock lock(mutex_);
    return ended_;
}

void Subscription::end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    told_ = false;
    tell();
}

EventHub::~EventHub() { VERIFY(streams_ == 0); }

void EventHub::publish(
    CompanyId company, std::string_view event, std::string_view key, std::string_view data) {
    const auto whole_key = key_of(event, key);
    const std::scoped_lock lock(mutex_);
    const auto its = listening_.find(company);
    if (its == listening_.end()) return;
    const auto text = std::make_shared<const std::string>(event_text(event, data));
    for (auto* subscription : its->second) subscription->put(whole_key, text);
}

Result<std::shared_ptr<Subscription>> EventHub::subscribe(CompanyId company) {
    auto made = std::make_shared<Subscription>(*this, company);
    const std::scoped_lock lock(mutex_);
    auto& its = listening_[company];
    if (ended_ || streams_ >= limits_.streams_max || its.size() >= limits_.company_streams_max) {
        if (its.empty()) listening_.erase(company);
        return fail(ErrorKind::unavailable, "too_many_streams", "too many look on; try later");
    }
    its.insert(made.get());
    ++streams_;
    return made;
}

void EventHub::end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    for (auto& [company, subscriptions] : listening_) {
        for (auto* subscription : subscriptions) subscription->end();
    }
}

std::size_t EventHub::streams() const {
    const std::scoped_lock lock(mutex_);
    return streams_;
}

void EventHub::leave(Subscription& subscription) {
    const std::scoped_lock lock(mutex_);
    const auto its = listening_.find(subscription.company_);
    if (its == listening_.end() || its->second.erase(&subscription) == 0) return;
    --streams_;
    if (its->second.empty()) listening_.erase(its);
}

}  // namespace mobilytics::http
