namespace Strake.State;
