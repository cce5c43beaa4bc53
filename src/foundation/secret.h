#pragma once
// What must not be seen: no log, no JSON and no stream takes it, and its bytes are wiped when it
// goes. Who needs the value says so: reveal().

#include <string>
#include <utility>

namespace mobilytics {

template <class T>
class Secret;

template <>
class Secret<std::string> {
  public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Secret() { wipe(); }

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    void wipe() {
        // Through volatile, so that it is not left out as useless.
        volatile char* at = value_.data();
        for (std::size_t i = 0; i < value_.size(); ++i) at[i] = 0;
        value_.clear();
    }
    std::string value_;
};
Secret(std::string) -> Secret<std::string>;

}  // namespace mobilytics
