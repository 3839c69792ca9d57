// A menu with a submenu and a counter, by grammY and its menu plugin.
import { Bot } from "grammy";
import { Menu } from "@grammyjs/menu";

const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.API_ROOT } });
let clicks = 0;

// A tap is answered once: by the plugin, or by the bot's own text.
const settings = new Menu("settings", { autoAnswer: false })
  .text("Loud", (ctx) => ctx.answerCallbackQuery("LOUD"))
  .row()
  .back("Back", (ctx) => ctx.answerCallbackQuery());
const main = new Menu("main")
  .text(
    () => `Clicked ${clicks}`,
    (ctx) => {
      clicks += 1;
      ctx.menu.update();
    },
  )
  .row()
  .submenu("Settings", "settings", (ctx) => ctx.editMessageText("The settings"))
  .text("Close", (ctx) => ctx.editMessageText("Closed"));

main.register(settings);
bot.use(main);
bot.command("start", (ctx) => ctx.reply("The menu", { reply_markup: main }));
bot.on("message:text", (ctx) =>
  ctx.reply(`<b>${ctx.msg.text.length}</b> letters`, {
    parse_mode: "HTML",
    reply_parameters: { message_id: ctx.msg.message_id },
  }),
);
await bot.start();
