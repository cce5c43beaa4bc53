#pragma once
// How long figures by region take: a part of store_bench.cpp.

#include <filesystem>
#include <functional>
#include <string>

namespace mobilytics::store {

/// `add` is given each line: name, value, unit.
void bench_regions(
    const std::filesystem::path& folder,
    const std::function<void(const std::string&, double, const char*)>& add);

}  // namespace mobilytics::store
