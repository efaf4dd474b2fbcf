// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "base/base64.h"
#include "text/sprig/base_text.h"
#include "text/sprig/letter_case.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kInt;
using types::kString;

std::unexpected<TemplateError> tooMuch()
{
    return budgetExceeded("random text");
}

/// Characters from \p low to \p high (included) that \p accepts takes.
std::string alphabet(char low, char high, bool (*accepts)(char))
{
    std::string characters;
    for (char c = low; c <= high && c > 0; ++c) {
        if (accepts(c))
            characters += c;
    }
    return characters;
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Texts of \p characters; a negative length gives "".
void addTextOf(FunctionTable &table, const SprigWorldPtr &world, std::string name, std::string characters)
{
    table.add(std::move(name), {&kInt},
              [world, characters = std::move(characters)](Arguments args, CallContext &context) -> CallResult {
                  const std::int64_t count = args[0].integer();
                  if (count <= 0)
                      return textResult("");
                  if (!takeItems(context, static_cast<std::uint64_t>(count))
                      || !takeBytes(context, static_cast<std::uint64_t>(count)))
                      return tooMuch();
                  std::string text;
                  for (std::int64_t i = 0; i < count; ++i)
                      text += characters[randomBelow(*world, characters.size())];
                  return textResult(text);
              });
}

std::string shuffled(std::string_view text, const SprigWorld &world)
{
    std::u32string characters = charactersOf(text);
    for (std::size_t i = characters.size(); i > 1; --i)
        std::swap(characters[i - 1], characters[randomBelow(world, i)]);
    return textOf(characters);
}

std::string randomUuid(const SprigWorld &world)
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::array<std::uint8_t, 16> bytes{};
    if (world.random)
        world.random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += kHex[bytes[i] >> 4];
        text += kHex[bytes[i] & 15];
    }
    return text;
}

} // namespace

void addRandomFunctions(FunctionTable &table, const SprigWorldPtr &world)
{
    // The original takes letters and digits from ' ' to 'z'.
    addTextOf(table, world, "randAlphaNum", alphabet(' ', 'z', [](char c) { return isLetter(c) || isDigit(c); }));
    addTextOf(table, world, "randAlpha", alphabet(' ', 'z', isLetter));
    addTextOf(table, world, "randNumeric", alphabet(' ', 'z', isDigit));
    addTextOf(table, world, "randAscii", alphabet(' ', '~', [](char) { return true; }));
    table.add("randBytes", {&kInt}, [world](Arguments args, CallContext &context) -> CallResult {
        const std::int64_t count = args[0].integer();
        if (count < 0)
            return templateError("runtime error: makeslice: len out of range");
        if (!takeBytes(context, static_cast<std::uint64_t>(count) * 2))
            return tooMuch();
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count));
        if (world->random)
            world->random(bytes);
        return textResult(base64Of(std::string(bytes.begin(), bytes.end())));
    });
    table.add("randInt", {&kInt, &kInt}, [world](Arguments args, CallContext &) -> CallResult {
        const std::uint64_t width =
            static_cast<std::uint64_t>(args[1].integer()) - static_cast<std::uint64_t>(args[0].integer());
        if (static_cast<std::int64_t>(width) <= 0)
            return templateError("invalid argument to Intn");
        const std::uint64_t number = static_cast<std::uint64_t>(args[0].integer()) + randomBelow(*world, width);
        return TemplateValue::integer(static_cast<std::int64_t>(number));
    });
    table.add("shuffle", {&kString},
              [world](Arguments args, CallContext &) { return textResult(shuffled(args[0].text(), *world)); });
    table.add("uuidv4", {}, [world](Arguments, CallContext &) { return textResult(randomUuid(*world)); });
}

} // namespace tiphys::text::sprig
