namespace Strake.Containers;
