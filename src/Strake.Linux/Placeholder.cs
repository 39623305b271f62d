namespace Strake.Linux;
