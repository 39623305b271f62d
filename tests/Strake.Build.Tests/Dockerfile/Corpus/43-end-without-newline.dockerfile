FROM scratch
CMD echo end \