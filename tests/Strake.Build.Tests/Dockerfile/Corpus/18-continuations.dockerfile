FROM scratch
RUN a \
  b \   
  c	\
  # comment

  # another

  d
RUN e \\ f \
  g
RUN h\
i
