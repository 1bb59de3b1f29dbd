#define BOOST_TEST_MODULE year
#include <boost/test/unit_test.hpp>
