#pragma once
// From devices to people: a factor fitted to people counted by hand, and what it is worth. Pure:
// the same bins give the same calibration. An intercept is left out on purpose: it would see people
// in an empty room.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace mobilytics::measure {

/// A quarter of an hour in which people were counted.
struct CountedBin {
    std::chrono::sys_days day;
    double people = 0;
    std::vector<double> devices;  // Present on average, by CountedBins::gates_dbm.
};

struct CountedBins {
    std::vector<int> gates_dbm;  // Ascending.
    std::vector<CountedBin> bins;
};

struct Residual {
    std::chrono::sys_days day;
    double people = 0;
    double expected = 0;  // By a factor that this day had no part in, where there are other days.
};

struct Calibration {
    int gate_dbm = 0;       // Weaker bursts are from next door.
    double factor = 0;      // People a device.
    double factor_low = 0;  // 90 %, by days.
    double factor_high = 0;
    double dispersion = 1;  // Of counts, where many were heard; 1 is Poisson's.
    double error = 0;       // Mean relative error of bins of 5 people and more, of days left out.
    std::size_t bins = 0;
    std::size_t days = 0;
    std::chrono::sys_days newest;  // What its age is counted from.
    std::vector<Residual> residuals;
};

/// None where there is nothing to fit: no people, or no device at any gate.
std::optional<Calibration> calibrate(const CountedBins& counted);

struct People {
    double value = 0;
    double low = 0;
    double high = 0;  // The truth lies between them 90 times in 100.
};

/// From the devices present at the calibration's gate.
People people_of(double devices, const Calibration& calibration);

/// Whether people counted later still fit.
struct Drift {
    double ratio = 1;  // People counted over people expected.
    double low = 1;    // Where the ratio of a new day lies 95 times in 100, if nothing has changed.
    double high = 1;
    bool alarm = false;
};
/// Of (devices at the calibration's gate, people counted), of one day or more. None where nothing
/// was expected, or with less than three days to know how far days differ.
struct Recount {
    std::chrono::sys_days day;
    double devices = 0;
    double people = 0;
};
std::optional<Drift> drift_of(const Calibration& calibration, const std::vector<Recount>& later);

}  // namespace mobilytics::measure
