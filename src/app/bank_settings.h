#pragma once
#include "domain/bank_booking.h"
#include "domain/issuer.h"

#include <vector>

namespace app {

class Section;

/// Our accounts, as banks report them, and what one of their files may weigh.
struct BankSettings {
    std::vector<domain::BankAccount> accounts{};
    int max_file_mib{20};
    int max_depth{64};
};

/// The table [issuer]: who we are, as documents say it. @throws std::runtime_error naming what cannot be used
void read_issuer(Section section, domain::Issuer& issuer);

/// The table [bank]. Without accounts of its own those of the bills are ours. @throws std::runtime_error naming what cannot be used
void read_bank(Section section, const domain::Issuer& issuer, BankSettings& settings);

} // namespace app
