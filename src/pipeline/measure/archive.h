#pragma once
// Values as bytes and back, for checkpoints: little endian, fields one after the other, lengths in
// front. A struct says once what it consists of, for both directions:
//
//   template <class Archive> void transfer(Archive& archive, Fix& fix) { archive(fix.at, ...); }

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "foundation/vocabulary.h"

namespace mobilytics::measure {

static_assert(std::endian::native == std::endian::little, "bytes are written as they lie");

template <class T>
struct IsId : std::false_type {};
template <class Kind>
struct IsId<Id<Kind>> : std::true_type {};
template <class T>
struct IsSpan : std::false_type {};
template <class Rep, class Period>
struct IsSpan<std::chrono::duration<Rep, Period>> : std::true_type {};

/// What is written as it lies: no padding in it.
template <class T>
concept Raw = std::is_arithmetic_v<T> || std::is_enum_v<T> || IsId<T>::value || IsSpan<T>::value ||
              std::is_same_v<T, Instant>;
template <class T>
concept Pair = requires(T& both) { both.first, both.second; };
template <class T>
concept Optional = requires(T& value) { value.has_value(), value.reset(); };
/// A std::array, whose length is known.
template <class T>
concept Fixed = requires { std::tuple_size<T>::value; } && !Pair<T>;
template <class T>
concept List = requires(T& list) { list.begin(), list.clear(), list.size(); };

/// Bytes that lie one after the other, as written one by one.
template <class T>
concept Bulk = List<T> && requires(T& list) { list.data(), list.resize(0); } &&
               Raw<typename T::value_type> && !std::is_same_v<typename T::value_type, bool>;

class ArchiveWriter {
  public:
    template <class... Values>
    void operator()(const Values&... values) {
        (put(values), ...);
    }
    /// What `write` writes, its length in front: as its bytes in a string would be.
    template <class Write>
    void part(const Write& write) {
        put(std::uint64_t{0});
        const std::size_t begin = size_;
        write(*this);
        const std::uint64_t length = size_ - begin;
        std::memcpy(bytes_.data() + begin - sizeof length, &length, sizeof length);
    }
    std::string take() {
        bytes_.resize(size_);
        return std::move(bytes_);
    }

  private:
    template <class T>
    void put(const T& value) {
        if constexpr (Raw<T>) {
            copy(&value, sizeof value);
        } else if constexpr (Pair<T>) {
            (*this)(value.first, value.second);
        } else if constexpr (Optional<T>) {
            put(value.has_value());
            if (value) put(*value);
        } else if constexpr (Fixed<T>) {
            for (const auto& item : value) put(item);
        } else if constexpr (Bulk<T>) {
            put(std::uint64_t{value.size()});
            if (!value.empty()) copy(value.data(), value.size() * sizeof value[0]);
        } else if constexpr (List<T>) {
            put(std::uint64_t{value.size()});
            for (const auto& item : value) put(item);
        } else {
            transfer(*this, const_cast<T&>(value));  // It is only read.
        }
    }
    void copy(const void* from, std::size_t size) {
        if (size_ + size > bytes_.size()) [[unlikely]] {
            bytes_.resize(std::max({kBytesMin, 2 * bytes_.size(), size_ + size}));
        }
        std::memcpy(bytes_.data() + size_, from, size);
        size_ += size;
    }
    static constexpr std::size_t kBytesMin = 4096;
    std::string bytes_;  // Written up to size_, so that a value costs no more than its copy.
    std::size_t size_ = 0;
};

/// Of bytes that are not what was written, good() says so; what was read then means nothing.
class ArchiveReader {
  public:
    explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

    template <class... Values>
    void operator()(Values&... values) {
        (get(values), ...);
    }
    bool good() const { return good_; }
    /// What was read of them means nothing to its reader.
    void refuse() { good_ = false; }
    bool at_end() const { return good_ && rest_.empty(); }

  private:
    template <class T>
    void get(T& value) {
        if constexpr (Raw<T>) {
            good_ = good_ && rest_.size() >= sizeof value;
            if (!good_) return;
            if constexpr (std::is_same_v<T, bool>) {
                value = rest_.front() != 0;
            } else {
                std::memcpy(&value, rest_.data(), sizeof value);
            }
            rest_.remove_prefix(sizeof value);
        } else if constexpr (Pair<T>) {
            (*this)(value.first, value.second);
        } else if constexpr (Optional<T>) {
            bool there = false;
            get(there);
            if (there && good_) get(value.emplace());
        } else if constexpr (Fixed<T>) {
            for (auto& item : value) get(item);
        } else if constexpr (Bulk<T>) {
            std::uint64_t count = 0;
            get(count);
            value.clear();
            good_ = good_ && count <= rest_.size() / sizeof(typename T::value_type);
            if (!good_ || count == 0) return;
            value.resize(count);
            std::memcpy(value.data(), rest_.data(), count * sizeof value[0]);
            rest_.remove_prefix(count * sizeof value[0]);
        } else if constexpr (List<T>) {
            std::uint64_t count = 0;
            get(count);
            value.clear();
            for (; count > 0 && good_; --count) get_item(value);
        } else {
            transfer(*this, value);
        }
    }
    template <class T>
    void get_item(T& list) {
        if constexpr (requires { typename T::mapped_type; }) {
            std::pair<typename T::key_type, typename T::mapped_type> item;
            get(item);
            list.insert(std::move(item));
        } else {
            list.push_back({});
            get(list.back());
        }
    }

    std::string_view rest_;
    bool good_ = true;
};

}  // namespace mobilytics::measure
