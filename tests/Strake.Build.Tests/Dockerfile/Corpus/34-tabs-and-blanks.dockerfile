	FROM	scratch	AS	x
	RUN		a	b
 COPY  a   b    /c
  ENV  a=b   c=d
EXPOSE	80	81
