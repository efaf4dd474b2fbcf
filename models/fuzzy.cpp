// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fuzzy.h"

namespace tiphys::models {

namespace {

bool isWordStart(const QString &text, qsizetype at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber() || (text[at].isUpper() && text[at - 1].isLower());
}

} // namespace

int fuzzyScore(const QString &query, const QString &text)
{
    const QString letters = query.toLower().remove(QLatin1Char(' '));
    if (letters.isEmpty())
        return 0;
    const QString low = text.toLower();
    // A run of the whole query beats any scattered match.
    qsizetype run = low.indexOf(query.trimmed().toLower());
    if (run < 0)
        run = low.indexOf(letters);
    if (run >= 0)
        return 1000 + (isWordStart(text, run) ? 500 : 0)
               - static_cast<int>(std::min<qsizetype>(run, 100) + std::min<qsizetype>(text.size(), 200) / 4);
    int score = 0;
    qsizetype from = 0;
    for (qsizetype i = 0; i < letters.size(); ++i) {
        qsizetype best = low.indexOf(letters[i], from);
        if (best < 0)
            return -1;
        // Prefer the start of a word, if one lies ahead.
        for (qsizetype next = best; next >= 0; next = low.indexOf(letters[i], next + 1)) {
            if (isWordStart(text, next)) {
                best = next;
                break;
            }
        }
        if (i + 1 < letters.size() && low.indexOf(letters[i + 1], best + 1) < 0)
            best = low.indexOf(letters[i], from);
        score += isWordStart(text, best) ? 20 : (best == from && i > 0 ? 10 : 1);
        from = best + 1;
    }
    return score;
}

} // namespace tiphys::models
