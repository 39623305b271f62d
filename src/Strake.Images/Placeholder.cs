namespace Strake.Images;
