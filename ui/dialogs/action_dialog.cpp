// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/action_dialog.h"

#include "models/action_text.h"
#include "models/text.h"
#include "ui/dialogs/preview_banner.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/typed_confirmation.h"
#include "ui/widgets/yaml_highlighter.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tiphys::ui {

namespace {

constexpr auto kTypingPause = 300ms;

} // namespace

ActionDialog::ActionDialog(service::Service &service, service::ResourceActions &actions, const service::AppId &app,
                           const object::ObjectKey &key, const service::OfferedAction &offered, QWidget *parent)
    : WritingDialog(parent), m_actions(actions), m_app(app), m_key(key), m_offered(offered), m_banner(new Banner(this)),
      m_summary(new TextLabel(TextLabel::Rank::Body, {}, this)), m_steps(new QComboBox(this)),
      m_tabs(new QTabBar(this)), m_panes(new QStackedWidget(this)), m_diff(new DiffView(this)),
      m_patch(new QPlainTextEdit(this)), m_highlighter(new YamlHighlighter(m_patch->document())),
      m_confirmation(new TypedConfirmation(this)), m_notice(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_run(new QPushButton(models::actOnText(offered, key), this))
{
    setWindowTitle(models::actOnText(offered, key));
    setModal(true);
    build();
    m_confirmation->require(models::typingForAct(*service.clusters(), app.context, key),
                            tr("%1 is protected.").arg(models::text(app.context)));
    recolour();
    m_delay.setSingleShot(true);
    m_delay.setInterval(kTypingPause);
    connect(&m_delay, &QTimer::timeout, this, &ActionDialog::ask);
    connect(m_steps, &QComboBox::currentIndexChanged, this, &ActionDialog::showStep);
    connect(m_tabs, &QTabBar::currentChanged, m_panes, &QStackedWidget::setCurrentIndex);
    connect(m_confirmation, &TypedConfirmation::changed, this, &ActionDialog::updateButton);
    connect(m_run, &QPushButton::clicked, this, &ActionDialog::run);
    connect(m_diff, &DiffView::noticed, m_notice, &QLabel::setText);
    ask();
}

void ActionDialog::build()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 4 * u);
    column->setSpacing(3 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, models::actOnTitle(m_offered, m_key, m_app.context), this));
    if (!m_offered.parameters.empty())
        column->addWidget(buildForm());
    column->addWidget(m_banner);
    column->addWidget(m_summary);
    column->addWidget(buildPreview(), 1);
    column->addWidget(m_confirmation);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * u);
    buttons->addWidget(m_notice, 1);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(cancel);
    m_run->setDefault(true);
    makePrimary(m_run);
    buttons->addWidget(m_run);
    column->addLayout(buttons);
    resize(190 * u, 130 * u);
}

QWidget *ActionDialog::buildForm()
{
    const int u = unit(this);
    auto *form = new QWidget(this);
    auto *rows = new QFormLayout(form);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setHorizontalSpacing(4 * u);
    rows->setVerticalSpacing(2 * u);
    for (const service::ActionParameter &parameter : m_offered.parameters) {
        const QString name = models::text(parameter.name);
        auto *field = new QLineEdit(models::text(parameter.defaultText), form);
        field->setObjectName(name);
        field->setAccessibleName(name);
        field->setMaximumWidth(60 * u);
        connect(field, &QLineEdit::textEdited, this, [this] {
            ++m_asked; // an answer that is on its way is about what stood here before
            m_hasPreview = false;
            updateButton();
            m_delay.start();
        });
        rows->addRow(name, field);
        m_fields << field;
    }
    return form;
}

QWidget *ActionDialog::buildPreview()
{
    const int u = unit(this);
    auto *preview = new QWidget(this);
    auto *column = new QVBoxLayout(preview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    m_steps->setAccessibleName(tr("What is written"));
    column->addWidget(m_steps);
    m_tabs->addTab(tr("Difference"));
    m_tabs->addTab(tr("Patch", "what is sent to the cluster"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Ways to show it"));
    column->addWidget(m_tabs);
    m_diff->setTitles(tr("Now, in the cluster"), tr("Afterwards"));
    m_diff->setLayoutMode(models::DiffLayout::Unified);
    m_diff->setAccessibleName(tr("Difference"));
    m_patch->setReadOnly(true);
    m_patch->setFrameShape(QFrame::NoFrame);
    m_patch->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_patch->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_patch->setTabChangesFocus(true);
    m_patch->setAccessibleName(tr("Patch", "what is sent to the cluster"));
    m_panes->addWidget(m_diff);
    m_panes->addWidget(m_patch);
    column->addWidget(m_panes, 1);
    return preview;
}

QLineEdit *ActionDialog::field(const QString &name) const
{
    for (QLineEdit *field : m_fields) {
        if (field->objectName() == name)
            return field;
    }
    return nullptr;
}

QString ActionDialog::patchText() const
{
    return m_patch->toPlainText();
}

QString ActionDialog::notice() const
{
    return m_notice->text();
}

QString ActionDialog::problem() const
{
    return m_banner->text();
}

service::ActionRequest ActionDialog::request() const
{
    service::ActionRequest request;
    request.app = m_app;
    request.key = m_key;
    request.action = m_offered.name;
    for (const QLineEdit *field : m_fields)
        request.arguments.emplace_back(models::utf8(field->objectName()), models::utf8(field->text().trimmed()));
    return request;
}

void ActionDialog::ask()
{
    m_hasPreview = false;
    updateButton();
    // A field that waits for its value is no error yet.
    for (QLineEdit *field : m_fields) {
        if (field->text().trimmed().isEmpty()) {
            m_summary->setText(tr("Fill in %1 to see what will be written.").arg(field->objectName()));
            m_panes->parentWidget()->setEnabled(false);
            m_banner->clear();
            m_steps->hide();
            field->setFocus();
            Q_EMIT previewShown();
            return;
        }
    }
    m_summary->setText(tr("Working out what will be written…"));
    service::whenDone(m_actions.previewAction(request()), this,
                      [this, asked = ++m_asked](const Expected<service::ActionPreview> &preview) {
                          if (asked != m_asked)
                              return;
                          if (preview)
                              showPreview(*preview);
                          else
                              showFailure(preview.error());
                          Q_EMIT previewShown();
                      });
}

void ActionDialog::showPreview(const service::ActionPreview &preview)
{
    m_preview = preview;
    m_hasPreview = true;
    const QString changed =
        m_isRepeated ? tr("The object changed meanwhile and nothing was written. This is what would be written now.")
                     : QString();
    showPreviewState(*m_banner, preview.refusal, changed, preview.warnings);
    m_steps->clear();
    for (const service::ActionStep &step : preview.steps)
        m_steps->addItem(models::stepText(step, m_key.ns));
    m_steps->setVisible(preview.steps.size() > 1);
    m_summary->setText(preview.steps.empty() ? tr("This would change nothing.")
                                             : models::stepText(preview.steps.front(), {}));
    m_summary->setVisible(preview.steps.size() < 2);
    m_panes->parentWidget()->setEnabled(!preview.steps.empty());
    showStep(0);
    updateButton();
}

void ActionDialog::showStep(int step)
{
    if (step < 0 || static_cast<std::size_t>(step) >= m_preview.steps.size()) {
        m_diff->setDiff({});
        m_patch->clear();
        return;
    }
    const service::ActionStep &shown = m_preview.steps[static_cast<std::size_t>(step)];
    m_diff->setDiff(shown.diff.lines);
    m_diff->walk(1);
    m_patch->setPlainText(models::text(shown.text));
}

void ActionDialog::showFailure(const Error &error)
{
    m_hasPreview = false;
    m_summary->clear();
    m_banner->show({Mark::Failed, StatusColor::Degraded}, models::sentence(error.text()));
    m_steps->clear();
    m_steps->hide();
    m_panes->parentWidget()->setEnabled(false);
    m_diff->setDiff({});
    m_patch->clear();
    updateButton();
}

void ActionDialog::updateButton()
{
    const bool isConfirmed = m_confirmation->isGiven();
    m_run->setEnabled(m_hasPreview && !isWriting() && m_preview.refusal.empty() && !m_preview.steps.empty()
                      && isConfirmed);
    m_run->setToolTip(isConfirmed ? QString() : tr("Type the name of the object first."));
}

void ActionDialog::run()
{
    if (!m_run->isEnabled())
        return;
    startWriting();
    updateButton();
    m_summary->setText(tr("Writing…"));
    service::whenDone(
        m_actions.runAction(m_preview.request), this, [this](const Expected<service::ActionResult> &result) {
            const bool isLeft = endWriting();
            if (result) {
                Q_EMIT done(models::doneText(m_offered, m_key, *result));
                accept();
            } else if (isLeft) {
                Q_EMIT failedUnseen(
                    tr("%1: %2", "act, what happened").arg(windowTitle(), models::sentence(result.error().text())));
            } else if (result.error().code() == ErrorCode::Conflict && result.error().reason().empty()) {
                m_isRepeated = true;
                ask();
            } else {
                showFailure(result.error());
            }
        });
}

void ActionDialog::recolour()
{
    m_highlighter->recolour(palette());
    m_patch->setFont(monospace(font()));
}

void ActionDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolour();
}

} // namespace tiphys::ui
