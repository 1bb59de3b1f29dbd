#include "site.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(stripe_clients)

BOOST_AUTO_TEST_CASE(stripes_own_python_package_works_against_the_test_gateway)
{
    const auto output =
        site::shell("/usr/bin/python3 tests/api/stripe_package.py " + site::environment("TEST_STRIPE_URL") + " 2>&1 || true");
    BOOST_TEST(output == "ok\n");
}

BOOST_AUTO_TEST_SUITE_END()
