#pragma once
// Devices whose owners asked not to be counted: they are passed over before anything is computed of
// their addresses. Here those whom somebody wrote into a file of the sensor; behind them the
// company's list.

#include <string>
#include <string_view>
#include <unordered_set>

#include "pipeline/sensor/decode/sighting.h"
#include "pipeline/sensor/pseudonym/company_opt_outs.h"

namespace mobilytics::sensor {

class OptOutList {
  public:
    OptOutList() = default;
    /// One address a line, "a4:83:e7:01:02:03", also with dashes or without; what follows a # is a
    /// comment. invalid `bad_opt_out` with the number of the line.
    static Result<OptOutList> parse(std::string_view text);

    /// Who is on the company's list is passed over as well; it must outlive this.
    void follow(const CompanyOptOuts& company) { company_ = &company; }

    bool has(const Address& address) const {
        if (!addresses_.empty() && addresses_.contains(as_number(address))) return true;
        return company_ != nullptr && company_->has(address);
    }
    /// Of the file's.
    std::size_t size() const { return addresses_.size(); }

  private:
    static std::uint64_t as_number(const Address& address) {
        std::uint64_t out = 0;
        for (const auto octet : address) out = out << 8 | octet;
        return out;
    }
    std::unordered_set<std::uint64_t> addresses_;
    const CompanyOptOuts* company_ = nullptr;
};

}  // namespace mobilytics::sensor
