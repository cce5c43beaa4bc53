#pragma once
// What is answered of people: how many, and what made people of devices. See openapi.yaml.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/enum_words.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

BOOST_DEFINE_ENUM_CLASS(Basis, devices, people)
BOOST_DEFINE_ENUM_CLASS(CalibrationState, fresh, ageing, old, drifting)
BOOST_DEFINE_ENUM_CLASS(NoPeople, not_calibrated, suppressed, other_question, too_many_models)

/// Lower and upper bound, 95 % where nothing else is said.
using Interval = std::array<double, 2>;

/// People present on average at an asset, 90 %.
struct PeopleFigures {
    double mean = 0, low = 0, high = 0;
    friend bool operator==(const PeopleFigures&, const PeopleFigures&) = default;
};

/// A factor that people were made of devices with.
struct CalibrationUsed {
    std::string model_id;
    std::int64_t version = 0;
    std::string scope;
    store::CalibrationInput input{};
    std::optional<std::int64_t> gate_dbm;
    std::string fitted_on;
    std::int64_t age_days = 0, quarters = 0, days = 0;
    double factor = 0;
    Interval factor_interval{};
    double error = 0;
    CalibrationState state{};
};

struct CalibrationTold {
    Basis basis = Basis::devices;
    std::optional<NoPeople> reason;
    double share = 0;
    std::vector<CalibrationUsed> models;
};

}  // namespace mobilytics::report
