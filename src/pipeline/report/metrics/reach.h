#pragma once
// Reach, frequency and rating points. Source: Geopath, Ratings Vocabulary; the measurement
// reference, 1.2.9.

#include <span>

#include "pipeline/report/metrics/value.h"

namespace mobilytics::report::metrics {

/// Different devices exposed, of a sketch whose relative standard error is given, made people of.
Value reach(double devices, double standard_error, const std::optional<Calibration>& calibration);

/// Impressions and reach of the same people, faces and period, and the population that they are of:
/// checked, so that what follows from them holds.
class Delivery {
  public:
    /// invalid `bad_delivery`, with every fault: finite and not negative, a population above 0,
    /// reach at most the population and at most the impressions, and neither without the other.
    static Result<Delivery> of(double impressions, double reach, double population);

    double impressions() const { return impressions_; }
    double reach() const { return reach_; }
    double population() const { return population_; }
    /// F = I / R, at least 1; none where nobody was reached.
    std::optional<double> frequency() const;
    double reach_percent() const { return 100 * reach_ / population_; }
    /// 100 I / population; reach % times F is the same.
    double grp() const { return 100 * impressions_ / population_; }

  private:
    Delivery(double impressions, double reach, double population)
        : impressions_(impressions), reach_(reach), population_(population) {}

    double impressions_, reach_, population_;
};

/// Average frequency; its bounds are the reach's, for it is divided by it. None where nobody was
/// reached.
std::optional<Value> average_frequency(double impressions, const Value& reach);
/// Of impressions within a market, or within a target: GRP and TRP. invalid `bad_population`.
Result<Value> grp(const Value& impressions, double population);
Result<Value> trp(const Value& impressions, double share_in_target, double target_population);

/// What the reach of a union may be: at least the greatest, at most the sum and the population.
Bounds union_bounds(std::span<const double> reaches, double population);

/// Of those reached: people[i] had i + 1 impressions.
struct Frequencies {
    std::vector<double> people;

    double reach() const;
    double impressions() const;
    double at_least(std::size_t impressions) const;
};
/// n+, as a share of those reached, with Wilson's bounds; none where nobody was reached.
std::optional<Value> effective_reach(const Frequencies& frequencies, std::size_t impressions);

/// People differ in how often they pass as a gamma distribution of this shape does, and each passes
/// by chance: a negative binomial. Without a shape all are alike: chance alone (Poisson).
struct ReachModel {
    double population = 0;
    std::optional<double> shape;
};
/// Of what was measured within a day: the shape that gives its reach of its impressions. invalid
/// `nothing_to_fit`: nobody was reached, or everybody, or so few so often that no shape says it.
Result<ReachModel> fit_reach(const Delivery& day);
/// R(I) = P (1 - (1 + I / (a P))^-a).
Value modelled_reach(const ReachModel& model, double impressions);
/// People with so many impressions and more.
double modelled_at_least(const ReachModel& model, double impressions, std::size_t least);
/// n+ of the model, as a share of those whom it reaches; none without impressions.
std::optional<Value> modelled_effective_reach(
    const ReachModel& model, double impressions, std::size_t least);
/// People with 1 .. most - 1 impressions, and last with `most` and more.
std::vector<double> modelled_frequencies(
    const ReachModel& model, double impressions, std::size_t most);

}  // namespace mobilytics::report::metrics
