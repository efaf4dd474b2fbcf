// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jsonnet_prelude.h"

extern "C" {
#include <libjsonnet.h>
}

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tiphys::process {

namespace {

struct Function
{
    std::string_view name;
    std::string_view field; ///< of the standard library
};

constexpr Function kFunctions[] = {
    {"pi", "pi:: 3.14159265358979311600"},
    {"id", "id(x):: x"},
    {"deg2rad", "deg2rad(x):: x * 3.14159265358979311600 / 180"},
    {"rad2deg", "rad2deg(x):: x * 180 / 3.14159265358979311600"},
    {"log2", "log2(x):: std.log(x) / std.log(2)"},
    {"log10", "log10(x):: std.log(x) / std.log(10)"},
    {"atan2", "atan2(y, x):: std.native('tiphysAtan2')(y, x)"},
    {"hypot", "hypot(a, b):: std.native('tiphysHypot')(a, b)"},
    {"isInteger", "isInteger(x):: std.floor(x) == x"},
    {"isDecimal", "isDecimal(x):: std.floor(x) != x"},
    {"isEven", "isEven(x):: (if x < 0 then std.ceil(x) else std.floor(x)) % 2 == 0"},
    {"isOdd", "isOdd(x):: (if x < 0 then std.ceil(x) else std.floor(x)) % 2 != 0"},
    {"isNull", "isNull(x):: x == null"},
    {"sha1", "sha1(s):: std.native('tiphysSha1')(s)"},
    {"sha256", "sha256(s):: std.native('tiphysSha256')(s)"},
    {"sha512", "sha512(s):: std.native('tiphysSha512')(s)"},
    {"sha3", "sha3(s):: std.native('tiphysSha3')(s)"},
    {"trim", "trim(str):: std.stripChars(str, ' "
             "\\t\\n\\f\\r\\u000b\\u0085\\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006"
             "\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000')"},
    {"equalsIgnoreCase", "equalsIgnoreCase(str1, str2):: std.asciiLower(str1) == std.asciiLower(str2)"},
    {"contains", "contains(arr, elem):: std.length([0 for each in arr if each == elem]) > 0"},
    {"avg", "avg(arr):: if std.length(arr) == 0 then error 'Cannot calculate average of an empty array.' else "
            "std.foldl(function(a, b) a + b, arr, 0) / std.length(arr)"},
    {"removeAt", "removeAt(arr, at):: [arr[i] for i in std.range(0, std.length(arr) - 1) if i != at]"},
    {"remove", "remove(arr, elem):: local found = std.find(elem, arr); if found == [] then arr else "
               "[arr[i] for i in std.range(0, std.length(arr) - 1) if i != found[0]]"},
    {"objectRemoveKey", "objectRemoveKey(obj, key):: {[k]: obj[k] for k in std.objectFields(obj) if k != key}"},
    {"flattenDeepArray", "flattenDeepArray(value):: local flat(v) = if std.isArray(v) then [y for x in v for y in "
                         "flat(x)] else [v]; flat(value)"},
    {"minArray",
     "minArray(arr, keyF=function(x) x, onEmpty=error 'Expected at least one element in array. Got none'):: "
     "if std.length(arr) == 0 then onEmpty else std.foldl(function(a, b) if keyF(b) < keyF(a) then b else a, arr[1:], "
     "arr[0])"},
    {"maxArray",
     "maxArray(arr, keyF=function(x) x, onEmpty=error 'Expected at least one element in array. Got none'):: "
     "if std.length(arr) == 0 then onEmpty else std.foldl(function(a, b) if keyF(b) > keyF(a) then b else a, arr[1:], "
     "arr[0])"},
};

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool names(std::string_view text, std::string_view function)
{
    const std::string wanted = "std." + std::string(function);
    for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        if (end == text.size() || !isWordCharacter(text[end]))
            return true;
    }
    return false;
}

using Arguments = const JsonnetJsonValue *const *;

JsonnetJsonValue *failed(JsonnetVm *vm, const char *message, int *success)
{
    *success = 0;
    return jsonnet_json_make_string(vm, message);
}

template <double (*calculate)(double, double)>
JsonnetJsonValue *ofTwoNumbers(void *vm, Arguments arguments, int *success)
{
    auto *machine = static_cast<JsonnetVm *>(vm);
    double a = 0, b = 0;
    if (!jsonnet_json_extract_number(machine, arguments[0], &a)
        || !jsonnet_json_extract_number(machine, arguments[1], &b))
        return failed(machine, "Expected numbers", success);
    *success = 1;
    return jsonnet_json_make_number(machine, calculate(a, b));
}

double atan2Of(double y, double x)
{
    return std::atan2(y, x);
}
double hypotOf(double a, double b)
{
    return std::hypot(a, b);
}

template <const EVP_MD *(*algorithm)()>
JsonnetJsonValue *digest(void *vm, Arguments arguments, int *success)
{
    auto *machine = static_cast<JsonnetVm *>(vm);
    const char *text = jsonnet_json_extract_string(machine, arguments[0]);
    if (!text)
        return failed(machine, "Expected a string", success);
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(text, std::strlen(text), bytes, &size, algorithm(), nullptr) != 1)
        return failed(machine, "this machine has no such hash", success);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += kDigits[bytes[i] >> 4];
        hex += kDigits[bytes[i] & 15];
    }
    *success = 1;
    return jsonnet_json_make_string(machine, hex.c_str());
}

} // namespace

std::string withNewerFunctions(std::string_view text)
{
    std::string fields;
    for (const Function &function : kFunctions) {
        if (names(text, function.name))
            fields += std::string(function.field) + ", ";
    }
    if (fields.empty())
        return std::string(text);
    return "local tiphysStd = std; local std = tiphysStd + {" + fields + "}; " + std::string(text);
}

bool isReadAsText(std::string_view text, std::string_view path)
{
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for (const std::string_view word : {"importstr", "importbin"}) {
        for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
            const std::string_view rest = text.substr(at + word.size());
            const std::size_t open = rest.find_first_not_of(" \t\r\n");
            if (open == std::string_view::npos || (rest[open] != '\'' && rest[open] != '"'))
                continue;
            const std::size_t close = rest.find(rest[open], open + 1);
            if (close != std::string_view::npos && rest.substr(open + 1, close - open - 1).ends_with(name))
                return true;
        }
    }
    return false;
}

void addNewerNatives(JsonnetVm *vm)
{
    static const char *const kTwo[] = {"a", "b", nullptr};
    static const char *const kOne[] = {"s", nullptr};
    jsonnet_native_callback(vm, "tiphysAtan2", ofTwoNumbers<atan2Of>, vm, kTwo);
    jsonnet_native_callback(vm, "tiphysHypot", ofTwoNumbers<hypotOf>, vm, kTwo);
    jsonnet_native_callback(vm, "tiphysSha1", digest<EVP_sha1>, vm, kOne);
    jsonnet_native_callback(vm, "tiphysSha256", digest<EVP_sha256>, vm, kOne);
    jsonnet_native_callback(vm, "tiphysSha512", digest<EVP_sha512>, vm, kOne);
    jsonnet_native_callback(vm, "tiphysSha3", digest<EVP_sha3_512>, vm, kOne);
}

} // namespace tiphys::process
