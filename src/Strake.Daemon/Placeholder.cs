namespace Strake.Daemon;
