#include "document/country_codes.h"

namespace document {
namespace {

constexpr std::string_view codes =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

} // namespace

bool is_country_code(std::string_view code)
{
    if (code.size() != 2) return false;
    for (std::size_t i = 0; i + 1 < codes.size(); i += 3)
        if (codes.substr(i, 2) == code) return true;
    return false;
}

std::string_view without_country(std::string_view postal_code, std::string_view country)
{
    const auto letters = postal_code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (letters == 0 || letters > 3 || letters + 1 >= postal_code.size()) return postal_code;
    const bool digit_follows = postal_code[letters + 1] >= '0' && postal_code[letters + 1] <= '9';
    const bool hyphen = postal_code[letters] == '-';
    const bool own_code = postal_code[letters] == ' ' && postal_code.substr(0, letters) == country;
    return digit_follows && (hyphen || own_code) ? postal_code.substr(letters + 1) : postal_code;
}

} // namespace document
