#pragma once
#include "client/cart_commands.h"
#include "client/follow.h"
#include "client/login.h"
#include "client/order_payment.h"
#include "client/purchase.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace client {

/// What is typed, before it is understood.
struct Arguments {
    std::string endpoint{}, config{}, ca_file{}, journal{}, subsidiary{};
    bool json{false}, table{false}, verbose{false};
    int timeout_s{30};

    std::string cart{}, plan{}, range{}, text{}, since{}, max_total{}, resume{};
    std::int64_t item{0}, order{0};
    int limit{20}, wait_s{-1}; ///< -1: without end
    std::vector<std::string> settings{};
    bool yes{false}, auto_pay{false}, pay_later{false}, no_follow{false}, once{false}, another{false}, resuming{false}, check{false},
        no_browser{false};
    bool waive_retraction{false};
    AddWish add{};
    PaymentChoice payment{};
    LoginTerms login{};
};

/// Of LABEL=VALUE. @throws Failure (usage) if one is no such, or a label is set twice.
std::map<std::string, std::string> labels_of(const std::vector<std::string>& settings);

/// Of "89.90" or "89.90 EUR"; nullopt of nothing. @throws Failure (usage)
std::optional<Amount> limit_of(const std::string& text);

std::string journal_of(const Arguments& arguments);

/// Who waits for a short time looks more often.
FollowTerms follow_terms(const Arguments& arguments);

PurchaseDecisions decisions_of(const Arguments& arguments);

/// @throws Failure (usage)
PurchaseWish wish_of(const Arguments& arguments);

} // namespace client
