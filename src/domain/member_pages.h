#pragma once
#include <string>

// Where members find the pages of the site that mails and answers point to. `base_url` is the site's.
namespace domain {

/// Where a document is paid, a payment confirmed, and its outcome told.
inline std::string payment_page(const std::string& base_url, const std::string& number)
{
    return base_url + "/pages/paid?invoice=" + number;
}

/// Where a member registers a card.
inline std::string card_page(const std::string& base_url) { return base_url + "/pages/card"; }

} // namespace domain
