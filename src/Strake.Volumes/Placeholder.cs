namespace Strake.Volumes;
