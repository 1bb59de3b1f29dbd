#define BOOST_TEST_MODULE resale
#include <boost/test/unit_test.hpp>
