// A wizard of three steps in a stage, by Telegraf.
import telegraf from "telegraf";

const { Telegraf, Scenes, Markup, session } = telegraf;

const order = new Scenes.WizardScene(
  "order",
  async (ctx) => {
    await ctx.reply("What is your name?");
    return ctx.wizard.next();
  },
  async (ctx) => {
    ctx.wizard.state.name = ctx.message.text;
    const sizes = Markup.inlineKeyboard([Markup.button.callback("Small", "small"), Markup.button.callback("Large", "large")]);
    await ctx.reply(`Which size, ${ctx.message.text}?`, sizes);
    return ctx.wizard.next();
  },
  async (ctx) => {
    await ctx.answerCbQuery("Noted");
    await ctx.editMessageText(`${ctx.wizard.state.name}: ${ctx.callbackQuery.data}`);
    await ctx.replyWithDocument({ source: Buffer.from("1;2"), filename: "order.csv" }, { caption: "Your order" });
    return ctx.scene.leave();
  },
);

const bot = new Telegraf(process.env.TOKEN, { telegram: { apiRoot: process.env.API_ROOT } });
bot.use(session(), new Scenes.Stage([order]).middleware());
bot.command("order", (ctx) => ctx.scene.enter("order"));
bot.start((ctx) => ctx.replyWithHTML("<i>Order with</i> /order", Markup.keyboard([["/order"]]).resize()));
bot.on("message", (ctx) => ctx.reply("No wizard is open."));
await bot.launch();
