// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text.h"

#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;

class SentenceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMessageBecomesASentence_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("words") << u"sync failed"_s << u"Sync failed."_s;
        QTest::newRow("one word with a colon") << u"degraded: no pods"_s << u"Degraded: no pods."_s;
        QTest::newRow("joined words") << u"self-heal reverts this"_s << u"Self-heal reverts this."_s;
        QTest::newRow("a kind of the API")
            << u"applications.argoproj.io is forbidden"_s << u"applications.argoproj.io is forbidden."_s;
        QTest::newRow("an address") << u"https://127.0.0.1:1: connection refused"_s
                                    << u"https://127.0.0.1:1: connection refused."_s;
        QTest::newRow("a file") << u"chart/values.yaml: no such file"_s << u"chart/values.yaml: no such file."_s;
        QTest::newRow("nothing") << QString() << QString();
    }

    void aMessageBecomesASentence()
    {
        QFETCH(QString, message);
        QFETCH(QString, sentence);
        QCOMPARE(models::sentence(models::utf8(message)), sentence);
    }
};

QTEST_MAIN(SentenceTest)
#include "sentence_test.moc"
