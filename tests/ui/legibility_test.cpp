// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colors.h"
#include "ui/theme/contrast.h"
#include "ui/theme/fusion.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/yaml_highlighter.h"

#include <QApplication>
#include <QCheckBox>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QStyleOptionButton>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace tiphys;
using namespace Qt::StringLiterals;
using ui::Scheme;

namespace {

const QStringList kYaml{u"apiVersion: apps/v1 # as the cluster has it"_s,
                        u"spec:"_s,
                        u"  replicas: 5"_s,
                        u"  paused: true"_s,
                        u"  image: \"registry.example.com/shop/cart:1.4\""_s,
                        u"  - &anchor !!str text"_s};

std::vector<QColor> groundsOfCode()
{
    const QPalette palette = QApplication::palette();
    return {palette.color(QPalette::Base), ui::liveLineColor(palette), ui::liveWordColor(palette),
            ui::desiredLineColor(palette), ui::desiredWordColor(palette)};
}

double leastContrast(const QColor &text)
{
    double least = 21;
    for (const QColor &ground : groundsOfCode())
        least = std::min(least, ui::contrastOf(text, ground));
    return least;
}

QImage pictureOf(QWidget &widget)
{
    widget.ensurePolished();
    return widget.grab().toImage();
}

QColor windowColor()
{
    return QApplication::palette().color(QPalette::Window);
}

} // namespace

class LegibilityTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QApplication::setStyle(u"fusion"_s);
        ui::widenFusion(*qApp);
    }

    void init()
    {
        QFETCH_GLOBAL(Scheme, scheme);
        ui::applyScheme(*qApp, scheme);
    }

    void initTestCase_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::newRow("light") << Scheme::Light;
        QTest::newRow("dark") << Scheme::Dark;
    }

    void contrastIsThatOfTheStandard()
    {
        QCOMPARE(ui::contrastOf(Qt::white, Qt::black), 21.0);
        QCOMPARE(ui::contrastOf(Qt::red, Qt::red), 1.0);
        QVERIFY(std::abs(ui::contrastOf(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void codeCanBeReadOnEachOfItsGrounds()
    {
        ui::YamlColors colors;
        colors.usePalette(QApplication::palette());
        int coloured = 0;
        for (const QString &line : kYaml) {
            for (const QTextLayout::FormatRange &range : colors.formatsOf(line)) {
                const QColor text = range.format.foreground().color();
                QVERIFY2(leastContrast(text) >= ui::kTextContrast,
                         qPrintable(line.mid(range.start, range.length) + u' ' + text.name()));
                ++coloured;
            }
        }
        QVERIFY(coloured > 6);
    }

    void manifestsCanBeRead()
    {
        QTextDocument document(kYaml.join(u'\n'));
        ui::YamlHighlighter highlighter(&document);
        highlighter.recolour(QApplication::palette());
        highlighter.rehighlight();
        int coloured = 0;
        for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
            for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
                const QColor text = range.format.foreground().color();
                QVERIFY2(leastContrast(text) >= ui::kTextContrast, qPrintable(block.text() + u' ' + text.name()));
                ++coloured;
            }
        }
        QVERIFY(coloured > 6);
    }

    void theIconOfTheMainButtonHasTheColourOfItsWords()
    {
        QPixmap black(32, 32);
        black.fill(Qt::black);
        QPushButton button;
        button.setIcon(QIcon(black));
        ui::makePrimary(&button);
        const QImage picture = pictureOf(button);
        const QColor middle = picture.pixelColor(picture.rect().center());
        QCOMPARE(middle.name(), button.palette().color(QPalette::ButtonText).name());
        button.setEnabled(false);
        QVERIFY(pictureOf(button).pixelColor(picture.rect().center()).name() != middle.name());
    }

    void anIconBesideWordsKeepsAwayFromTheFrame()
    {
        QPixmap red(16, 16);
        red.fill(Qt::red);
        QToolButton button;
        button.setIcon(QIcon(red));
        button.setText(u"Refresh"_s);
        button.setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button.resize(button.sizeHint());
        const QImage picture = pictureOf(button);
        int left = 0;
        while (left < picture.width() && picture.pixelColor(left, picture.height() / 2) != QColor(Qt::red))
            ++left;
        QVERIFY2(left >= ui::unit(&button) + 2 && left < picture.width() / 2, qPrintable(QString::number(left)));
    }

    void theWordsOfTheMainButtonCanBeRead()
    {
        QPushButton push(u"Sync…"_s);
        push.setDefault(true);
        QToolButton tool;
        tool.setText(u"Promote"_s);
        tool.setPopupMode(QToolButton::MenuButtonPopup);
        QMenu menu;
        tool.setMenu(&menu);
        for (QAbstractButton *button : {static_cast<QAbstractButton *>(&push), static_cast<QAbstractButton *>(&tool)}) {
            ui::makePrimary(button);
            const QImage picture = pictureOf(*button);
            const QColor words = button->palette().color(QPalette::Active, QPalette::ButtonText);
            for (const double y : {0.2, 0.5, 0.8}) {
                const QColor ground = picture.pixelColor(4, static_cast<int>(picture.height() * y));
                QVERIFY2(ui::contrastOf(words, ground) >= ui::kTextContrast, qPrintable(ground.name()));
            }
        }
    }

    void whatIsWrittenIntoOrTickedHasAnOutline()
    {
        QCheckBox box(u"Prune"_s);
        QStyleOptionButton option;
        option.initFrom(&box);
        box.resize(box.sizeHint());
        option.rect = box.rect();
        const QRect indicator = box.style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, &box);
        const QColor edge = pictureOf(box).pixelColor(indicator.left(), indicator.center().y());
        QVERIFY2(ui::contrastOf(edge, windowColor()) >= ui::kEdgeContrast, qPrintable(edge.name()));
        QRadioButton choice(u"In the background"_s);
        choice.resize(choice.sizeHint());
        option.initFrom(&choice);
        option.rect = choice.rect();
        const QRect circle = choice.style()->subElementRect(QStyle::SE_RadioButtonIndicator, &option, &choice);
        for (const bool isChosen : {false, true}) {
            choice.setChecked(isChosen);
            const QImage picture = pictureOf(choice);
            // Its left edge, at the height of its middle: what is inside of it is of another colour than the window, too.
            double most = 0;
            for (int x = circle.left(); x < circle.left() + 4; ++x)
                most = std::max(most, ui::contrastOf(picture.pixelColor(x, circle.center().y() + 1), windowColor()));
            QVERIFY2(most >= ui::kEdgeContrast, qPrintable(QString::number(most)));
        }
        QLineEdit line;
        line.resize(200, line.sizeHint().height());
        const QColor frame = pictureOf(line).pixelColor(0, line.height() / 2);
        QVERIFY2(ui::contrastOf(frame, windowColor()) >= ui::kEdgeContrast, qPrintable(frame.name()));
    }

    void anArrowStandsAtTheHeightOfItsWords()
    {
        QToolButton button;
        button.setAutoRaise(true);
        button.setPopupMode(QToolButton::InstantPopup);
        QMenu menu;
        button.setMenu(&menu);
        button.setText(u"Health"_s);
        button.resize(button.sizeHint());
        const QImage picture = pictureOf(button);
        const int u = ui::unit(&button);
        int top = picture.height();
        int bottom = -1;
        for (int y = 2; y < picture.height() - 2; ++y) {
            for (int x = picture.width() - 4 * u + 1; x < picture.width() - 2; ++x) {
                if (ui::contrastOf(picture.pixelColor(x, y), windowColor()) < 2)
                    continue;
                top = std::min(top, y);
                bottom = std::max(bottom, y);
            }
        }
        QVERIFY2(bottom > top, "there is no arrow");
        const double off = (top + bottom) / 2.0 - picture.height() / 2.0;
        QVERIFY2(std::abs(off) <= u * 0.6, qPrintable(QString::number(off)));
    }
};

QTEST_MAIN(LegibilityTest)
#include "legibility_test.moc"
