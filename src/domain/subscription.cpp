#include "domain/subscription.h"

#include <algorithm>

namespace domain {
namespace {

const Pause* pause_on(const Subscription& subscription, Day day)
{
    for (const auto& pause : subscription.pauses)
        if (pause.from <= day && day < pause.until.value_or(never)) return &pause;
    return nullptr;
}

/// The first day after `day` on which a pause begins or ends.
Day next_pause_edge(const Subscription& subscription, Day day)
{
    for (const auto& pause : subscription.pauses) {
        if (pause.from > day) return pause.from;
        if (pause.until && *pause.until > day) return *pause.until;
    }
    return never;
}

Day next_version(const Subscription& subscription, Day day)
{
    const auto after = std::ranges::upper_bound(subscription.versions, day, {}, &Version::from);
    return after == subscription.versions.end() ? never : after->from;
}

/// The first day after `day` on which is_active() or the item may become another.
Day next_activity_change(const Subscription& subscription, Day day)
{
    if (day < subscription.start) return subscription.start;
    if (subscription.end && *subscription.end <= day) return never;
    return std::min({subscription.end.value_or(never), next_pause_edge(subscription, day), next_version(subscription, day)});
}

bool gives_tag(const Subscription& subscription, Day day, const std::string& tag)
{
    if (!is_active(subscription, day)) return false;
    const auto& tags = version_on(subscription, day).item->tags;
    return std::ranges::find(tags, tag) != tags.end();
}

struct FreeDays {
    bool free{false};
    Day until{never}; ///< as long as it certainly stays so
};

FreeDays free_from(std::span<const Subscription> subscriptions, std::size_t index, Day day, const std::string& tag)
{
    FreeDays answer;
    if (tag.empty()) return answer;
    for (std::size_t other = 0; other < subscriptions.size(); ++other) {
        if (other == index || !subscriptions[other].known) continue;
        answer.free = answer.free || gives_tag(subscriptions[other], day, tag);
        answer.until = std::min(answer.until, next_activity_change(subscriptions[other], day));
    }
    return answer;
}

using Target = Stretch::Target;

Target target_without_charge(bool credit) { return credit ? Target::nothing : Target::keep; }

} // namespace

const Version& version_on(const Subscription& subscription, Day day)
{
    const auto& versions = subscription.versions;
    if (versions.size() == 1) return versions.front();
    const auto after = std::ranges::upper_bound(versions, day, {}, &Version::from);
    return after == versions.begin() ? versions.front() : *std::prev(after);
}

bool is_active(const Subscription& subscription, Day day)
{
    return subscription.start <= day && day < subscription.end.value_or(never) && !pause_on(subscription, day);
}

Stretch stretch_from(std::span<const Subscription> subscriptions, std::size_t index, Day day)
{
    const auto& own = subscriptions[index];
    Day until = never;
    const auto stretch = [&](Target target) { return Stretch{.days = {day, until}, .target = target}; };

    if (own.one_time()) return stretch(Target::nothing);
    if (own.end && *own.end <= day) return stretch(target_without_charge(own.end_credits));
    until = own.end.value_or(never);
    if (day < own.trial_end) {
        until = std::min(until, own.trial_end);
        return stretch(Target::nothing);
    }
    until = std::min(until, next_pause_edge(own, day));
    if (const auto* pause = pause_on(own, day)) return stretch(target_without_charge(pause->credit));

    const auto& version = version_on(own, day);
    until = std::min(until, next_version(own, day));
    const auto free = free_from(subscriptions, index, day, version.item->free_while);
    until = std::min(until, free.until);
    if (free.free) return stretch(Target::nothing);

    const auto whole = period_holding(version.anchor, *version.item->interval, day);
    return {.days = {day, std::min(until, whole.end)}, .target = Target::charge, .version = &version, .whole = whole};
}

namespace {

struct Amend {
    Subscription& subscription;

    void operator()(const BeginVersion& begin) const
    {
        auto& versions = subscription.versions;
        while (versions.size() > 1 && versions.back().from >= begin.version.from) versions.pop_back();
        versions.push_back(begin.version);
    }
    void operator()(const SetEnd& set) const
    {
        subscription.end = set.end;
        subscription.end_credits = set.credit;
    }
    void operator()(const RemoveEnd&) const { subscription.end.reset(); }
    void operator()(const BeginPause& begin) const { subscription.pauses.push_back({.from = begin.from, .credit = begin.credit}); }
    void operator()(const EndPause& end) const
    {
        auto& pauses = subscription.pauses;
        pauses.back().until = end.on;
        if (pauses.back().from == end.on) pauses.pop_back();
    }
};

} // namespace

void amend(Subscription& subscription, const Amendment& amendment) { std::visit(Amend{subscription}, amendment); }

} // namespace domain
