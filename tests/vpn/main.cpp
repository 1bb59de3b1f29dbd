#define BOOST_TEST_MODULE vpn
#include <boost/test/unit_test.hpp>
