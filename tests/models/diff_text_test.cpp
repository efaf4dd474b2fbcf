// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_text.h"

#include "support/recorded_service.h"

#include <QTest>

using namespace tiphys;
using namespace tiphys::models;
using namespace Qt::StringLiterals;

namespace {

/// Two changes with ten unchanged lines between them, of which four are folded.
std::vector<service::DiffLine> someLines()
{
    return test::diffLines({" kind: Deployment", "-replicas: 5", "-paused: true", "+replicas: 3", " a: 1", " b: 2",
                            " c: 3", " d: 4", " e: 5", " f: Größe 6", " g: 7", " h: 8", " i: 9", " j: 10",
                            "-image: web:1", "+image: web:2", "+extra: 3"});
}

} // namespace

class DiffTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSideIsWhatStandsThere()
    {
        const std::vector<service::DiffLine> lines = test::diffLines({" a", "-b", "+c", "+d"});
        QCOMPARE(sideText(lines, DiffSide::Left), u"a\nb\n"_s);
        QCOMPARE(sideText(lines, DiffSide::Right), u"a\nc\nd\n"_s);
        QCOMPARE(sideText(test::diffLines({"+c"}), DiffSide::Left), QString());
    }

    void whatIsPickedBelongsToOneSide()
    {
        const std::vector<service::DiffLine> lines = someLines();
        const std::vector<DiffRow> rows = diffRows(lines, DiffLayout::SideBySide, {});
        QCOMPARE(pickedText(lines, rows, DiffLayout::SideBySide, {0, 2, DiffSide::Left}),
                 u"kind: Deployment\nreplicas: 5\npaused: true\n"_s);
        // The third row is empty on the right.
        QCOMPARE(pickedText(lines, rows, DiffLayout::SideBySide, {0, 2, DiffSide::Right}),
                 u"kind: Deployment\nreplicas: 3\n"_s);
        QCOMPARE(pickedText(lines, rows, DiffLayout::SideBySide, {}), QString());
    }

    void whatAPickedFoldHidesIsPartOfIt()
    {
        const std::vector<service::DiffLine> lines = someLines();
        const std::vector<DiffRow> rows = diffRows(lines, DiffLayout::Unified, {});
        const int fold = rowOfLine(rows, 8);
        QVERIFY(rows[static_cast<std::size_t>(fold)].foldStart >= 0);
        QCOMPARE(rowOfLine(rows, 7), fold);
        QCOMPARE(pickedText(lines, rows, DiffLayout::Unified, {fold - 1, fold + 1, DiffSide::Left}),
                 u"c: 3\nd: 4\ne: 5\nf: Größe 6\ng: 7\nh: 8\n"_s);
        QCOMPARE(rowOfLine(rows, -1), -1);
        QCOMPARE(rowOfLine(rows, 99), -1);
    }

    void placesAreFoundFromAboveAndLeftBeforeRight()
    {
        const std::vector<service::DiffLine> lines = someLines();
        const auto found = [&](DiffLayout layout, const QString &text) {
            std::vector<int> at;
            for (const DiffMatch &match : diffMatches(lines, diffRows(lines, layout, {}), text))
                at.push_back(match.line);
            return at;
        };
        // Line 2 stands beside nothing, line 3 beside line 1.
        QCOMPARE(found(DiffLayout::SideBySide, u"E"_s), (std::vector{0, 0, 1, 3, 2, 2, 8, 9, 14, 14, 15, 15, 16}));
        QCOMPARE(found(DiffLayout::Unified, u"replicas"_s), (std::vector{1, 3}));
        QVERIFY(found(DiffLayout::Unified, QString()).empty());
        const std::vector<DiffMatch> inFold =
            diffMatches(lines, diffRows(lines, DiffLayout::Unified, {}), u"größe 6"_s);
        QCOMPARE(inFold, (std::vector<DiffMatch>{{9, 3, 7}}));
    }

    void aPatchNamesWhatItIsOf()
    {
        const std::vector<service::DiffLine> lines = test::diffLines({" a: 1", "-b: 2", "+b: 3"});
        QCOMPARE(
            patchOf(lines, u"apps/Deployment/shop/web"_s, service::ChangeKind::Changed),
            u"--- a/apps/Deployment/shop/web\n+++ b/apps/Deployment/shop/web\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"_s);
        QVERIFY(patchOf(lines, u"x"_s, service::ChangeKind::Added).startsWith(u"--- /dev/null\n+++ b/x\n"_s));
        QVERIFY(patchOf(lines, u"x"_s, service::ChangeKind::Removed).startsWith(u"--- a/x\n+++ /dev/null\n"_s));
    }
};

QTEST_GUILESS_MAIN(DiffTextTest)
#include "diff_text_test.moc"
