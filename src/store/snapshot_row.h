#pragma once
#include "store/snapshot_store.h"
#include "store/sql.h"

#include <optional>
#include <string>
#include <tuple>

/// What a query of `snapshots s` and their `orders o` selects first, to be read by listed_snapshot().
#define SNAPSHOT_COLUMNS                                                                                                                   \
    "s.position, s.uuid, s.member_id, s.machine_uuid, o.uuid, s.state, s.consistency, s.error, s.size_gib, s.require_fs, s.attempts,"      \
    " s.looks_left, CAST(s.requested_at AS CHAR), CAST(s.frozen_at AS CHAR), CAST(s.thawed_at AS CHAR), CAST(s.ready_at AS CHAR),"         \
    " CAST(s.delete_requested_at AS CHAR)"

namespace store {

/// The row of such a query, with `More` columns after those.
template <class... More>
using SnapshotRow = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::string, std::string, std::string, std::string,
    int, bool, int, int, std::string, std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
    std::optional<std::string>, More...>;

template <class... More> ListedSnapshot listed_snapshot(const SnapshotRow<More...>& row)
{
    return {std::get<0>(row),
        {.uuid = uuid_of(std::get<1>(row)),
            .member = domain::MemberId{std::get<2>(row)},
            .vm = uuid_of(std::get<3>(row)),
            .order_uuid = uuid_of(std::get<4>(row)),
            .state = domain::snapshot_state_from(std::get<5>(row)),
            .consistency = std::get<6>(row),
            .error = std::get<7>(row),
            .size_gib = std::get<8>(row),
            .require_fs = std::get<9>(row),
            .attempts = std::get<10>(row),
            .looks_left = std::get<11>(row),
            .requested_at = instant_of(std::get<12>(row)),
            .frozen_at = instant_of(std::get<13>(row)),
            .thawed_at = instant_of(std::get<14>(row)),
            .ready_at = instant_of(std::get<15>(row)),
            .delete_requested_at = instant_of(std::get<16>(row))}};
}

} // namespace store
