namespace Strake.Layers;
